// Ten redirects by default, then a warning.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/redirect/12`);
  console.log(r.status, r.url);
}
