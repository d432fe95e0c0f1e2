// Header names and values that HTTP does not know.
import http from 'k6/http';
export default function () {
  for (const headers of [{ 'a b': '1' }, { a: 'x\ny' }, { '': '1' }]) {
    const r = http.get(`${__ENV.BASE}/echo`, { headers });
    console.log(r.status, r.error_code, r.error);
  }
}
