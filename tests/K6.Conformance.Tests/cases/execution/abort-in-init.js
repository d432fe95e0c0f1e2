// exec.test.abort in init code.
import exec from 'k6/execution';
exec.test.abort('never began');
export default function () {}
