// Batches that are none.
import http from 'k6/http';
export default function () {
  for (const b of [undefined, 'x', 5, [5], [{}], [{ url: 'http://127.0.0.1:1/' }], []]) {
    try { const r = http.batch(b); console.log(JSON.stringify(b), Array.isArray(r), r.length, r[0] && r[0].error_code); } catch (e) { console.log(JSON.stringify(b), e.message); }
  }
}
