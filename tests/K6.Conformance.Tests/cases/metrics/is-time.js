// A trend of times is shown as times; its values are the same.
import { Trend } from 'k6/metrics';
const t = new Trend('waiting', true), u = new Trend('plain', false), v = new Trend('odd', 'yes');
export const options = { thresholds: { waiting: ['max<200', 'min>1'], plain: ['avg==100'] } };
export default function () { t.add(100); t.add(50); u.add(100); v.add(1); }
