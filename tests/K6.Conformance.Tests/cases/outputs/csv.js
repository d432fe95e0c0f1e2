// The columns and rows of the CSV output.
// @args --out csv=out.csv
// @ignore samples
import http from 'k6/http';
import { check, group } from 'k6';
export default function () { group('g', () => { check(http.get(`${__ENV.BASE}/status/200`, { tags: { own: 'x' } }), { ok: (r) => r.status === 200 }); }); }
