// The server closes without an answer.
import http from 'k6/http';
export default function () {
  const r = http.post(`${__ENV.BASE}/close`, 'x');
  console.log(r.status, r.error_code, r.error);
}
