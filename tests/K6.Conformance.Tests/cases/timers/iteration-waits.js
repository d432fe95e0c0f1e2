// An iteration lasts until its timers and promises are done.
import { Trend } from 'k6/metrics';
const t = new Trend('trend');
export const options = { iterations: 2 };
export default async function () {
  await new Promise((done) => setTimeout(done, 5));
  t.add(__ITER);
  setTimeout(() => t.add(10 + __ITER), 5);
}
