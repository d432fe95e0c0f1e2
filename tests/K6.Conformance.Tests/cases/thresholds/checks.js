// Checks as a metric, by name.
import { check } from 'k6';
export const options = { thresholds: { checks: ['rate>0.9'], 'checks{check:good}': ['rate==1'], 'checks{check:bad}': ['rate>0'] } };
export default function () { check(1, { good: () => true, bad: () => false }); }
