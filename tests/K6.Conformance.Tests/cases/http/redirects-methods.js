// What becomes of method and body at each kind of redirect.
import http from 'k6/http';
export default function () {
  for (const status of [301, 302, 303, 307, 308]) {
    const r = http.post(`${__ENV.BASE}/to?${status}&${encodeURIComponent('/echo')}`, 'body');
    console.log(status, r.status, r.json('method'), r.json('body'), r.json('headers').Referer !== undefined);
  }
}
