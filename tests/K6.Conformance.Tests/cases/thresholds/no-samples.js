// Metrics without samples.
import { Trend, Rate, Gauge } from 'k6/metrics';
const t = new Trend('t'), r = new Rate('r'), g = new Gauge('g');
export const options = { thresholds: { t: ['p(95)<1', 'avg>0'], r: ['rate>0.5', 'rate<0.5'], g: ['value>0', 'value<1'], 'http_req_duration': ['p(95)<1'] } };
export default function () {}
