// The same with the option throw.
import { Counter, Trend } from 'k6/metrics';
const c = new Counter('counter'), t = new Trend('trend');
export const options = { throw: true };
export default function () {
  for (const m of [c, t]) {
    for (const v of ['x', NaN, undefined]) {
      try { console.log(m.name, String(v), String(m.add(v))); } catch (e) { console.log(m.name, String(v), String(e)); }
    }
  }
  c.add('thrown');
}
