// A GET: status, body, headers, protocol, request.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/echo?a=1`);
  console.log(r.status, r.status_text, r.proto, r.error, r.error_code, r.remote_ip, typeof r.remote_port);
  console.log(r.request.method, r.request.url, r.request.body, JSON.stringify(r.request.cookies));
  console.log(r.json('method'), r.json('target'), Object.keys(r.json('headers')).filter((h) => h !== 'User-Agent').join());
}
