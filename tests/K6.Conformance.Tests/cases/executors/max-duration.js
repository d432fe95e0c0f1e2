// maxDuration ends shared iterations; what was not begun is dropped.
// @timed
// @ignore samples metrics
import { sleep } from 'k6';
export const options = { thresholds: { dropped_iterations: ['count>=7'] }, scenarios: { s: { executor: 'shared-iterations', vus: 1, iterations: 10, maxDuration: '1s', gracefulStop: '2s' } } };
export default function () { sleep(0.4); }
