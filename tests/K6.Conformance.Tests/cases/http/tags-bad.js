// A tag that is an object.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/echo`, { tags: { bad: {} } });
  console.log(r.status, r.error);
}
