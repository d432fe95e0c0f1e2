// Names are made canonical; the last of two spellings wins; numbers become text.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/echo`, { headers: { 'x-lower': 'a', 'X-NUMBER': 5, 'User-Agent': 'me', Accept: '*/*', 'x-Empty': '' } });
  for (const h of [r.json('headers'), r.request.headers]) { console.log(Object.keys(h).sort().map((k) => `${k}=${h[k]}`).join(' ')); }
}
