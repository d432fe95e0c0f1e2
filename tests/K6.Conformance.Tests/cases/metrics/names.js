// Names of metrics: what is allowed.
// @args --summary-mode disabled
import { Counter } from 'k6/metrics';
for (const name of ['ok_name', '_lead', 'with space', '1digit', 'dash-ed', 'dot.ted', '', 'ünï', 'a'.repeat(128), 'a'.repeat(129), undefined]) {
  try { new Counter(name); console.log('yes', name); } catch (e) { console.log(String(e)); }
}
export default function () {}
