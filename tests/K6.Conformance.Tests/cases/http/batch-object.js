// batch of an object keeps its names.
// @timed
import http from 'k6/http';
export default function () {
  const rs = http.batch({ one: `${__ENV.BASE}/status/201`, two: { method: 'GET', url: `${__ENV.BASE}/status/202` } });
  console.log(Object.keys(rs).sort().join(), rs.one.status, rs.two.status);
}
