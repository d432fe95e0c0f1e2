// Iterations start at a rate, whatever they take.
// @timed
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 10, timeUnit: '1s', duration: '1s', preAllocatedVUs: 8 } } };
export default function () { sleep(0.3); }
