// responseType: text, binary, none.
import http from 'k6/http';
export default function () {
  const u = `${__ENV.BASE}/bytes`;
  console.log(http.get(u, { responseType: 'binary' }).body.byteLength, http.get(u, { responseType: 'none' }).body, http.get(u, { responseType: 'text' }).body.length);
  const r = http.get(u, { responseType: 'other' });
  console.log(r.status, r.error, r.error_code);
}
