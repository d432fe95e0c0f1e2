// exec.vu.metrics.tags lasts over iterations.
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const c = new Counter('c');
export const options = { iterations: 2 };
export default function () {
  c.add(1); exec.vu.metrics.tags.k = __ITER; exec.vu.tags.old = 'x'; c.add(1);
  console.log(JSON.stringify(exec.vu.metrics.tags), Object.keys(exec.vu.metrics.tags).join());
  delete exec.vu.metrics.tags.old; c.add(1);
}
