// asyncRequest resolves with the response.
// @ignore server
import http from 'k6/http';
export default async function () {
  const r = await http.asyncRequest('POST', `${__ENV.BASE}/echo`, 'a', { tags: { t: 'x' } });
  console.log(r.status, r.json('body'));
  const both = await Promise.all([http.asyncRequest('GET', `${__ENV.BASE}/status/201`), http.asyncRequest('GET', `${__ENV.BASE}/status/202`)]);
  console.log(both.map((x) => x.status).join());
  const f = await http.asyncRequest('GET', 'http://127.0.0.1:1/');
  console.log(f.status, f.error_code);
}
