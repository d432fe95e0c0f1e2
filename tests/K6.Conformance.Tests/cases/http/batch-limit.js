// batch and batchPerHost limit them.
// @timed
import http from 'k6/http';
export const options = { batch: 2, batchPerHost: 2 };
export default function () {
  const t = Date.now();
  http.batch(Array(4).fill(`${__ENV.BASE}/delay/150`));
  const d = Date.now() - t;
  console.log(d >= 290 && d < 900);
}
