// Each kind of metric adds up in its way.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const c = new Counter('counter'), g = new Gauge('gauge'), r = new Rate('rate'), t = new Trend('trend');
export const options = { iterations: 4 };
export default function () {
  c.add(__ITER); c.add(0.5);
  g.add(10 - __ITER);
  r.add(__ITER === 1); r.add(1); r.add(0); r.add('x');
  t.add(__ITER * 10);
}
