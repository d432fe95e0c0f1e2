// All operators.
import { Counter } from 'k6/metrics';
const c = new Counter('c');
export const options = { thresholds: { c: ['count<6', 'count<=5', 'count>4', 'count>=5', 'count==5', 'count===5', 'count!=4'] } };
export default function () { c.add(5); }
