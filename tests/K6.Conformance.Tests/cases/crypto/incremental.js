// Hashes in steps.
import { createHash, createHMAC } from 'k6/crypto';
export default function () {
  const h = createHash('sha256');
  h.update('a'); h.update('bc');
  console.log(h.digest('hex'), h.digest('base64'));
  h.update('d');
  console.log(h.digest('hex'));
  const m = createHMAC('sha1', 'key');
  m.update('data');
  console.log(m.digest('hex'), new Uint8Array(m.digest('binary')).length);
  for (const call of [() => createHash('md5').digest('none'), () => createHash('md5').update(5), () => createHash('md5').digest()]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
