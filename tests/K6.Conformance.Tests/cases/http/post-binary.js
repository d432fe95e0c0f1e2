// An ArrayBuffer and a view of one are sent as bytes.
import http from 'k6/http';
export default function () {
  const b = new Uint8Array([72, 105, 33]);
  console.log(http.post(`${__ENV.BASE}/echo`, b.buffer).json('body'), http.post(`${__ENV.BASE}/echo`, b).json('body'), http.post(`${__ENV.BASE}/echo`, new Uint8Array(b.buffer, 1, 1)).json('body'));
}
