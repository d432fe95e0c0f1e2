// What a metric's object shows.
import metrics, { Counter, Trend } from 'k6/metrics';
const c = new Counter('counter'), t = new Trend('trend', true);
export default function () {
  console.log(c.name, t.name, Object.keys(c).join(), typeof c.add, c instanceof Counter, c instanceof Trend, JSON.stringify(c));
  console.log(Object.keys(metrics).sort().join());
  try { c.name = 'other'; console.log(c.name); } catch (e) { console.log(String(e)); }
}
