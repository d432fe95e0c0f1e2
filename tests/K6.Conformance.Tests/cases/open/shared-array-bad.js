// What it says of functions that do not give arrays.
// @args --summary-mode disabled
import { SharedArray } from 'k6/data';
let n = 0;
for (const make of [() => new SharedArray('a' + n++, () => 5), () => new SharedArray('a' + n++, () => ({})), () => new SharedArray('a' + n++, () => null), () => new SharedArray('a' + n++), () => new SharedArray('', () => []), () => new SharedArray(), () => new SharedArray('a' + n++, () => { throw new Error('inner'); }), () => new SharedArray('a' + n++, async () => []), () => new SharedArray('a' + n++, () => [undefined, () => 1])]) {
  try { console.log(JSON.stringify(make())); } catch (e) { console.log(String(e)); }
}
export default function () {}
