// delayAbortEval: the test ends before the delay, so it is not aborted.
// @timed
// @ignore metrics samples
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
const bad = new Counter('bad');
export const options = { vus: 1, duration: '3s', thresholds: { bad: [{ threshold: 'count<1', abortOnFail: true, delayAbortEval: '1m' }] } };
export default function () { bad.add(1); sleep(0.5); }
