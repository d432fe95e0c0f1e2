// An object is sent as a form.
import http from 'k6/http';
export default function () {
  const r = http.post(`${__ENV.BASE}/echo`, { b: 'x y', a: 1, list: ['p', 'q'], t: true, e: '&=ü' });
  console.log(r.json('body'), r.json('headers')['Content-Type']);
  console.log(http.post(`${__ENV.BASE}/echo`, { a: 1 }, { headers: { 'Content-Type': 'text/plain' } }).json('headers')['Content-Type']);
}
