// Values that are no numbers: k6 warns or throws, and counts nothing.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const c = new Counter('counter'), g = new Gauge('gauge'), r = new Rate('rate'), t = new Trend('trend');
export default function () {
  for (const m of [c, g, r, t]) {
    for (const v of ['x', '5', NaN, null, undefined, {}, true, Infinity]) {
      try { console.log(m.name, String(v), String(m.add(v))); } catch (e) { console.log(m.name, String(v), String(e)); }
    }
  }
}
