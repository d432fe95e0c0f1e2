// Redirects are followed; each hop has its samples.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/redirect/2`);
  console.log(r.status, r.url, r.request.url, r.request.method, JSON.stringify(Object.keys(r.cookies)));
}
