// The variables may be written in small letters, and a proxy without a scheme is one over HTTP.
// @env http_proxy={proxy}
// @env no_proxy=*.direct.test
// @env K6_NO_USAGE_REPORT=true
import http from 'k6/http';
export const options = { hosts: { 'a.direct.test': '127.0.0.1:1', 'direct.test': '127.0.0.1:1' } };
export default function () {
  if (!__ENV.BASE) throw new Error('no server');
  for (const url of ['http://shop.test/', 'http://a.direct.test/', 'http://direct.test/']) console.log(url, http.get(url).status);
}
