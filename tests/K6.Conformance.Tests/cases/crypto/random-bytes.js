// Random bytes: their number.
import crypto, { randomBytes } from 'k6/crypto';
export default function () {
  console.log(randomBytes(8).byteLength, randomBytes(16) instanceof ArrayBuffer, Object.keys(crypto).sort().join());
  for (const call of [() => randomBytes(0), () => randomBytes(-1), () => randomBytes(), () => randomBytes('3').byteLength, () => randomBytes(1.5).byteLength]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
