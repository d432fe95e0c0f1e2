// Statuses, their texts and error codes.
import http from 'k6/http';
export default function () {
  for (const s of [200, 204, 304, 400, 404, 418, 500, 503]) {
    const r = http.get(`${__ENV.BASE}/status/${s}`);
    console.log(r.status, r.error_code, r.error, JSON.stringify(r.body));
  }
}
