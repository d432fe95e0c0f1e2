// maxVUs makes more virtual users when they are needed.
// @timed
// @ignore samples metrics log
import { sleep } from 'k6';
export const options = { thresholds: { vus_max: ['value>2'] }, scenarios: { s: { executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1, maxVUs: 10 } } };
export default function () { sleep(0.5); }
