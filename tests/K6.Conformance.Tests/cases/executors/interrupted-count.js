// Interrupted iterations are none of iterations.
// @timed
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 1, maxDuration: '1s', gracefulStop: '0s' } } };
export default function () { if (__VU === 1) { sleep(10); } }
