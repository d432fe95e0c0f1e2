// Iterations are shared; the total is exact.
// @unordered
import exec from 'k6/execution';
export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 3, iterations: 20 } } };
export default function () { if (exec.scenario.iterationInTest === 19) { console.log('last'); } }
