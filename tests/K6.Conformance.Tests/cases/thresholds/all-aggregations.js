// Every aggregation of every kind of metric, held and crossed.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const c = new Counter('c'), g = new Gauge('g'), r = new Rate('r'), t = new Trend('t');
export const options = { iterations: 4, thresholds: {
  c: ['count==10', 'count>10', 'rate>0'], g: ['value==4', 'value<1'], r: ['rate==0.5', 'rate>0.6'],
  t: ['avg==2.5', 'min==1', 'max==4', 'med==2.5', 'p(90)<3.8', 'p(95)>3', 'p(99.9)<5', 'avg<1', 'count==4'],
} };
export default function () { const n = __ITER + 1; c.add(n); g.add(n); r.add(n % 2); t.add(n); }
