// The body ends too early.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/partial`);
  console.log(r.status, r.error_code, r.error, r.body);
}
