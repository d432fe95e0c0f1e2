// The response's own properties.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/echo`);
  console.log(Object.keys(r).sort().join());
  console.log(Object.keys(r.timings).sort().join());
  console.log(Object.values(r.timings).every((t) => typeof t === 'number' && t >= 0), r.timings.duration > 0);
}
