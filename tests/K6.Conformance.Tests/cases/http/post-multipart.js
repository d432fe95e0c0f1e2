// A file makes the form a multipart one.
// @varying boundary=\S+
// @varying --[0-9a-f]{20,}
import http from 'k6/http';
export default function () {
  const r = http.post(`${__ENV.BASE}/echo`, { f: http.file('content', 'name.txt', 'text/plain'), field: 'v' });
  console.log(r.json('headers')['Content-Type']);
  console.log(r.json('body'));
}
