// The server resets the connection.
// @varying (?:read tcp \S+: )?read:
import http from 'k6/http';
export default function () {
  const r = http.post(`${__ENV.BASE}/reset`, 'x');
  console.log(r.status, r.error_code, r.error);
}
