// Requests of a batch run at once, as many as batchPerHost allows.
// @timed
import http from 'k6/http';
export default function () {
  const t = Date.now();
  http.batch(Array(6).fill(`${__ENV.BASE}/delay/200`));
  const d = Date.now() - t;
  console.log(d >= 190 && d < 700);
}
