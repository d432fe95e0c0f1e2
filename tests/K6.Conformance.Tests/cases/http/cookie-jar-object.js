// The jar's functions.
import http from 'k6/http';
export default function () {
  const u = `${__ENV.BASE}/`;
  const jar = new http.CookieJar();
  jar.set(u, 'a', '1'); jar.set(u, 'b', '2', { path: '/sub', max_age: 60 });
  const c = jar.cookiesForURL(`${u}sub/x`);
  console.log(JSON.stringify(jar.cookiesForURL(u)), JSON.stringify(c.a), JSON.stringify(c.b));
  jar.delete(u, 'a'); console.log(JSON.stringify(jar.cookiesForURL(u)));
  jar.clear(u); console.log(JSON.stringify(jar.cookiesForURL(`${u}sub`)));
  console.log(http.get(`${__ENV.BASE}/echo`, { jar }).json('headers').Cookie);
}
