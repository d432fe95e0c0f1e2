// batch of an array: texts, arrays, objects.
// @unordered
// @timed
import http from 'k6/http';
export default function () {
  const u = `${__ENV.BASE}/echo`;
  const rs = http.batch([u, ['POST', u, 'b', { tags: { t: '1' } }], { method: 'PUT', url: u, body: 'o', params: { headers: { X: '1' } } }, ['GET', u]]);
  console.log(rs.length, rs.map((r) => `${r.json('method')} ${r.json('body')}`).join());
}
