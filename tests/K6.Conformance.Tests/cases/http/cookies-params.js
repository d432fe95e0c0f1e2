// Cookies of a request, with and without replace.
import http from 'k6/http';
export default function () {
  const jar = http.cookieJar();
  jar.set(`${__ENV.BASE}/`, 'a', 'jar');
  console.log(http.get(`${__ENV.BASE}/echo`, { cookies: { a: 'own', c: 'x' } }).json('headers').Cookie.split('; ').sort().join('; '));
  console.log(http.get(`${__ENV.BASE}/echo`, { cookies: { a: { value: 'own', replace: true } } }).json('headers').Cookie.split('; ').sort().join('; '));
}
