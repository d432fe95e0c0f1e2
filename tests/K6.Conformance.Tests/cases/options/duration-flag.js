// A flag replaces all of the script's load.
// @timed
// @args --duration 1s --vus 1
// @ignore metrics samples
import { sleep } from 'k6';
export const options = { scenarios: { s: { executor: 'per-vu-iterations', iterations: 1000, vus: 1 } } };
export default function () { sleep(0.4); }
