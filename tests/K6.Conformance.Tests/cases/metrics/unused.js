// A metric without samples is not in the summary.
import { Counter, Rate, Gauge, Trend } from 'k6/metrics';
new Counter('counter'); new Rate('rate'); new Gauge('gauge'); new Trend('trend');
export default function () {}
