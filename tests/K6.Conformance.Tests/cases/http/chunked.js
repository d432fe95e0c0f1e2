// Chunked answers.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/chunked`);
  console.log(r.status, r.body, r.headers['Transfer-Encoding'], r.headers['Content-Length']);
}
