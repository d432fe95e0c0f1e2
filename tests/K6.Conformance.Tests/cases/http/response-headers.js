// Response headers: canonical names, several values joined.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/json`);
  console.log(r.headers['Content-Type'], r.headers['X-Multi'], r.headers['content-type'], Object.keys(r.headers).sort().join());
}
