// What does not end within gracefulStop is interrupted.
// @timed
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '100ms' } } };
export default function () { sleep(20); }
