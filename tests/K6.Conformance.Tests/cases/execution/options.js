// exec.test.options has the merged options.
// @args --vus 2 --iterations 2
import exec from 'k6/execution';
export const options = { tags: { a: 'b' }, thresholds: { checks: ['rate>0'] } };
export default function () { if (exec.scenario.iterationInTest === 0) { const o = exec.test.options; console.log(JSON.stringify(o.scenarios), JSON.stringify(o.thresholds), JSON.stringify(o.tags), o.vus, o.iterations, o.duration); } }
