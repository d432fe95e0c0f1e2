// A virtual user that is taken away may end its iteration within gracefulRampDown.
// @timed
// @ignore samples metrics
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '500ms', target: 1 }, { duration: '0s', target: 0 }, { duration: '1500ms', target: 0 }], gracefulRampDown: '200ms' } } };
export default function () { sleep(1); }
