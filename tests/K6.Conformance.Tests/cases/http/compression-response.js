// Compressed answers are unpacked.
import http from 'k6/http';
export default function () {
  for (const kind of ['gzip', 'deflate', 'br']) {
    const r = http.get(`${__ENV.BASE}/${kind}`);
    console.log(kind, r.status, r.body, r.headers['Content-Encoding'], r.headers['Content-Length'] !== undefined);
  }
}
