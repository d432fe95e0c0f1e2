// A megabyte there and back.
import http from 'k6/http';
export default function () {
  console.log(http.get(`${__ENV.BASE}/blob/1000000`).body.length, http.post(`${__ENV.BASE}/echo`, 'y'.repeat(1000000)).json('body').length);
}
