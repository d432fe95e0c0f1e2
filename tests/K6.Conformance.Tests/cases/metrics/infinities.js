// Infinite, enormous and negative values: they count, and limits on them do not hold by accident.
// @stdout
import { Counter, Gauge, Trend } from 'k6/metrics';
const time = new Trend('of_time', true), plain = new Trend('plain'), far = new Trend('far', true), counter = new Counter('counter'), gauge = new Gauge('gauge');
export const options = { thresholds: { of_time: ['avg<1'], plain: ['p(95)<1'], far: ['max<1'] } };
export default function () {
  for (const value of [Infinity, -Infinity, 1]) {
    time.add(value);
    plain.add(value);
    gauge.add(value);
  }
  for (const value of [1e300, -1e300, 2, 1e13, -1e13]) {
    far.add(value);
  }
  for (const value of [-1, 3, -0.5]) {
    counter.add(value);
  }
}
export function handleSummary(data) {
  const text = (name) => Object.entries(data.metrics[name].values).filter(([key]) => key !== 'rate').sort().map(([key, value]) => `${key}=${value}`).join(' ');
  return { stdout: ['of_time', 'plain', 'far', 'counter', 'gauge'].map((name) => `${name}: ${text(name)}\n`).join('') };
}
