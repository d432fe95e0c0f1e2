// What does not end within gracefulStop is interrupted; no catch and no finally runs.
// @timed
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '100ms' } } };
export default function () { try { sleep(20); } catch (e) { console.log('caught'); } finally { console.log('finally'); } }
