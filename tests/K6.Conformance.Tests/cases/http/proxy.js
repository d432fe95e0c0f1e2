// Load goes through the proxies of the environment, except to the own machine and to what NO_PROXY names.
// @env HTTP_PROXY=http://us:pw@{proxy}
// @env NO_PROXY=direct.test, .below.test,10.1.0.0/16,port.test:81
// @env K6_NO_USAGE_REPORT=true
import http from 'k6/http';
export const options = { hosts: { 'direct.test': '127.0.0.1:1', 'a.direct.test': '127.0.0.1:1', 'b.below.test': '127.0.0.1:1', 'port.test': '127.0.0.1:1', 'direct2.test': '127.0.0.1:1' } };
export default function () {
  for (const url of ['http://shop.test/a?b=1', 'http://shop.test:8080/x', 'http://below.test/', 'http://10.9.2.3/', 'http://port.test/', 'http://direct.test/', 'http://a.direct.test/', 'http://b.below.test/', 'http://port.test:81/', 'http://localhost:1/', 'http://127.0.0.2:1/', `${__ENV.BASE}/itself`]) {
    const r = http.get(url);
    console.log(url.startsWith('http://127.0.0.1') ? 'itself' : url, r.status, r.status === 200 ? `${r.json('target')} ${r.json('headers.Host')} ${r.json('headers.Proxy-Authorization')}` : r.error, r.error_code);
  }
  const post = http.post('http://shop.test/post', { a: 1 });
  console.log(post.status, post.json('body'));
}
