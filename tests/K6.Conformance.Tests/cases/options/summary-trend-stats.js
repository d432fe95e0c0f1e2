// summaryTrendStats chooses statistics.
import { Trend } from 'k6/metrics';
const t = new Trend('t');
export const options = { summaryTrendStats: ['min', 'p(10)', 'p(99.99)', 'count', 'med'] };
export default function () { for (let i = 1; i <= 10; i++) { t.add(i); } }
