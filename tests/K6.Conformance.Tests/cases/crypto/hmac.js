// Keyed hashes with text and bytes.
import crypto from 'k6/crypto';
export default function () {
  for (const h of ['md4', 'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256', 'ripemd160']) {
    console.log(h, crypto.hmac(h, 'key', 'data', 'hex'), crypto.hmac(h, new Uint8Array([1, 2]).buffer, 'data', 'base64'));
  }
  for (const call of [() => crypto.hmac('none', 'k', 'd', 'hex'), () => crypto.hmac('sha256', 'k', 'd', 'none'), () => crypto.hmac('sha256', '', '', 'hex'), () => crypto.hmac(), () => crypto.hmac('sha256', 'k')]) {
    try { console.log(call()); } catch (e) { console.log(String(e)); }
  }
}
