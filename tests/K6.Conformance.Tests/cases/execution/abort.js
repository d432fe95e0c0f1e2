// exec.test.abort in an iteration.
// @varying :\d+\(\d+\)
import exec from 'k6/execution';
export const options = { iterations: 5 };
export default function () { if (__ITER === 2) { exec.test.abort('enough'); } }
export function teardown() { console.log('teardown runs'); }
