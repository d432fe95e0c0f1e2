// A chunk that is none.
// @differs log samples: .NET and Go name a broken chunk in other words; the code is the same
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/badchunk`);
  console.log(r.status, r.error_code);
}
