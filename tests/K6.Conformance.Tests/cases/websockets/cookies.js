// Cookies go with the handshake, and come from it.
import { WebSocket } from 'k6/websockets';
import http from 'k6/http';
export default async function () {
  const jar = http.cookieJar();
  jar.set(__ENV.BASE, 'mine', 'x');
  const open = (params) => new Promise((done) => { const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws`, null, params); w.onopen = () => w.send('headers'); w.onmessage = (e) => { console.log(e.data); w.close(); }; w.onclose = done; });
  await open();
  console.log(JSON.stringify(jar.cookiesForURL(__ENV.BASE)));
  await open();
  const other = new http.CookieJar();
  other.set(__ENV.BASE, 'other', 'y');
  await open({ jar: other, headers: { Cookie: 'header=z' } });
  console.log(JSON.stringify(other.cookiesForURL(__ENV.BASE)));
}
