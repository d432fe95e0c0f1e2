// Without a free virtual user iterations are dropped.
// @timed
// @ignore samples metrics
import { sleep } from 'k6';
export const options = { thresholds: { dropped_iterations: ['count>5'] }, scenarios: { s: { executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 2 } } };
export default function () { sleep(0.5); }
