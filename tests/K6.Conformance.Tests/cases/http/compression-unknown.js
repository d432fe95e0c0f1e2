// Codings that nobody knows, and data that is none.
import http from 'k6/http';
export default function () {
  for (const path of ['/coding/identity', '/coding/what', '/badgzip']) {
    const r = http.get(__ENV.BASE + path);
    console.log(path, r.status, r.error_code, r.error, r.body);
  }
}
