// A body without an end meets the time-out.
// @timed
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/endless`, { timeout: 200, responseType: 'none' });
  console.log(r.status, r.error_code, r.error);
}
