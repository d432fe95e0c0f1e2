// A body that ends with the connection, and HTTP/1.0.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/untilclose`);
  console.log(r.status, r.body, r.proto);
  const o = http.get(`${__ENV.BASE}/http10`);
  console.log(o.status, o.body, o.proto);
}
