// What is no text as an address.
import http from 'k6/http';
export default function () {
  for (const u of [5, null, undefined, {}, true, ['http://x']]) {
    const r = http.get(u);
    console.log(String(u), r.status, r.error_code, r.error);
  }
}
