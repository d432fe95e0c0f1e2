// A chunk that is none.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/badchunk`);
  console.log(r.status, r.error_code);
}
