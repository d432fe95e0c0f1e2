// fail ends the iteration with an error in the log; the run is fine.
import { fail } from 'k6';
export const options = { iterations: 2 };
export default function () {
  if (__ITER === 0) { fail('no good'); }
  try { fail(); } catch (e) { console.log(typeof e, String(e)); }
}
