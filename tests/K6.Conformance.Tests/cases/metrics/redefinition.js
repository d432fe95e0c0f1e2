// One name twice: the same kind is one metric, another kind is an error.
// @args --summary-mode disabled
import { Counter, Gauge, Trend } from 'k6/metrics';
const a = new Counter('twice'), b = new Counter('twice');
for (const make of [() => new Gauge('twice'), () => new Trend('http_reqs'), () => new Counter('http_reqs'), () => new Trend('iteration_duration'), () => new Trend('iteration_duration', true)]) {
  try { console.log(make().name); } catch (e) { console.log(String(e)); }
}
export default function () { a.add(1); b.add(2); }
