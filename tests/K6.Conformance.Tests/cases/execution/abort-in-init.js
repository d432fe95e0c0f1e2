// exec.test.abort in init code.
// @varying :\d+\(\d+\)
import exec from 'k6/execution';
exec.test.abort('never began');
export default function () {}
