// Sleep waits and gives nothing; odd arguments do not stop it.
import { sleep } from 'k6';
export default function () {
  const start = Date.now();
  console.log(sleep(0.05));
  console.log(Date.now() - start >= 49);
  for (const call of [() => sleep(0), () => sleep(-1), () => sleep('0.01'), () => sleep(), () => sleep(null), () => sleep('x')]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
