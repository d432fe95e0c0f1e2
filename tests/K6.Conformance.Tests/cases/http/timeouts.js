// Time-outs as numbers and texts.
// @timed
import http from 'k6/http';
export default function () {
  for (const timeout of [100, '150ms', '0.1s']) {
    const r = http.get(`${__ENV.BASE}/hang`, { timeout });
    console.log(r.status, r.error_code, r.error, r.timings.duration < 5000);
  }
  const r = http.get(`${__ENV.BASE}/echo`, { timeout: 'soon' });
  console.log(r.status, r.error_code, r.error);
}
