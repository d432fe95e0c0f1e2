// A text is sent as it is, without a content type.
import http from 'k6/http';
export default function () {
  const r = http.post(`${__ENV.BASE}/echo`, JSON.stringify({ a: 'ü' }));
  console.log(r.json('body'), r.json('headers')['Content-Type'], r.json('headers')['Content-Length']);
}
