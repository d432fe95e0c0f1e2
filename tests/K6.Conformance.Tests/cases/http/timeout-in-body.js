// A time-out in the middle of a body.
// @timed
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/halfway`, { timeout: 200 });
  console.log(r.status, r.error_code, r.error, JSON.stringify(r.body));
}
