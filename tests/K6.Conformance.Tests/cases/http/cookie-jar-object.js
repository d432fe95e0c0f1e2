// The jar's functions.
import http from 'k6/http';
export default function () {
  const u = `${__ENV.BASE}/`;
  const jar = new http.CookieJar();
  jar.set(u, 'a', '1'); jar.set(u, 'b', '2', { path: '/sub', max_age: 60 });
  console.log(JSON.stringify(jar.cookiesForURL(u)), JSON.stringify(jar.cookiesForURL(`${u}sub/x`)));
  jar.delete(u, 'a'); console.log(JSON.stringify(jar.cookiesForURL(u)));
  jar.clear(u); console.log(JSON.stringify(jar.cookiesForURL(`${u}sub`)));
  console.log(http.get(`${__ENV.BASE}/echo`, { jar }).json('headers').Cookie);
}
