// Attributes of cookies as the response shows them.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/cookie?${encodeURIComponent('a=1; Path=/p; Domain=127.0.0.1; HttpOnly; Max-Age=60')}&${encodeURIComponent('b=x y; Secure')}&${encodeURIComponent('c=2; Expires=Wed, 21 Oct 2099 07:28:00 GMT')}`);
  for (const n of ['a', 'b', 'c']) { console.log(JSON.stringify(r.cookies[n])); }
}
