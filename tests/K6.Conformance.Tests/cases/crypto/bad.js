// What hashes say of values that are neither text nor bytes.
import crypto from 'k6/crypto';
export default function () {
  for (const call of [() => crypto.sha256(), () => crypto.sha256(null, 'hex'), () => crypto.sha256(5, 'hex'), () => crypto.sha256({}, 'hex'), () => crypto.sha256([1, 2], 'hex'), () => crypto.sha256('a'), () => crypto.sha256('a', 'none'), () => crypto.sha256('a', undefined), () => crypto.sha256(new Uint8Array([97]), 'hex')]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
