// Virtual users repeat for a time; one that sleeps longer ends within gracefulStop.
// @timed
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '1s' } } };
export default function () { sleep(0.7); }
