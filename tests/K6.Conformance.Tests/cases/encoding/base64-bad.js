// What it says of text that is no base64, and of what is no text.
import { b64encode, b64decode } from 'k6/encoding';
export default function () {
  for (const call of [() => b64decode('*'), () => b64decode('YQ', 'std', 's'), () => b64decode('YQ==', 'rawstd', 's'), () => b64decode('YT8-', 'std', 's'), () => b64encode(), () => b64encode(null), () => b64encode(5), () => b64encode({ a: 1 }), () => b64decode(), () => b64encode([1, 2]), () => b64decode('YQ==', 'std', 'x')]) {
    try { console.log(JSON.stringify(call())); } catch (e) { console.log(String(e)); }
  }
}
