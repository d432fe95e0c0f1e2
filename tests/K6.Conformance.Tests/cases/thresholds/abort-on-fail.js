// abortOnFail ends the test.
// @timed
// @ignore metrics samples
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
const bad = new Counter('bad');
export const options = { vus: 1, duration: '20s', thresholds: { bad: [{ threshold: 'count<1', abortOnFail: true }] } };
export default function () { bad.add(1); sleep(0.2); }
export function teardown() { console.log('teardown'); }
