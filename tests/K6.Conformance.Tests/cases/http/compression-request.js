// Compressed requests.
import http from 'k6/http';
export default function () {
  for (const compression of ['gzip', 'deflate', 'gzip, deflate', 'nothing']) {
    const r = http.post(`${__ENV.BASE}/echo`, 'a'.repeat(200), { compression });
    console.log(compression, r.status, r.error, r.status ? r.json('headers')['Content-Encoding'] : '', r.request.body && r.request.body.length);
  }
}
