// A Content-Length of the script's own is ignored with a warning when it is wrong.
import http from 'k6/http';
export default function () {
  const r = http.post(`${__ENV.BASE}/echo`, 'abc', { headers: { 'Content-Length': '7' } });
  console.log(r.json('headers')['Content-Length'], r.json('body'));
}
