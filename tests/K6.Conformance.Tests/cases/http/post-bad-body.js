// Bodies of other kinds.
import http from 'k6/http';
export default function () {
  for (const body of [5, true, [1, 2], null, undefined, '']) {
    const r = http.post(`${__ENV.BASE}/echo`, body);
    console.log(String(body), r.status, r.error, r.error_code, r.status ? r.json('body') : '');
  }
}
