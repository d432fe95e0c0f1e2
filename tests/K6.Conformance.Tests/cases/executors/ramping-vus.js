// Stages up and down, whole iterations.
// @timed
// @ignore metrics samples
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '1s', target: 3 }, { duration: '0s', target: 0 }] } } };
export default function () { sleep(0.2); }
