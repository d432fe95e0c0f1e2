// Every verb sends its method; del, options and patch take a body.
// @differs log server: known methods are sent in capitals, however they are written
import http from 'k6/http';
export default function () {
  const u = `${__ENV.BASE}/echo`;
  console.log(http.get(u).json('method'), http.post(u, 'p').json('body'), http.put(u, 'u').json('body'), http.patch(u, 'a').json('body'));
  console.log(http.del(u, 'd').json('body'), http.del(u).json('body'), http.options(u, 'o').json('body'), http.head(u).status, http.head(u).body);
  console.log(http.request('PURGE', u, 'x').json('method'), http.request('get', u).json('method'), http.request('POST', u, null).json('body'));
}
