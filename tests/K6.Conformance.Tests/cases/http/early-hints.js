// An informational answer before the real one.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/early`);
  console.log(r.status, r.body);
}
