// Parts of metrics by tags.
import { Counter } from 'k6/metrics';
const c = new Counter('c');
export const options = { thresholds: { 'c{k:a}': ['count==1'], 'c{k:b}': ['count==5'], 'c{ k : a , n:1 }': ['count==1'], 'c{k:none}': ['count==0'], 'c{scenario:default}': [] } };
export default function () { c.add(1, { k: 'a', n: 1 }); c.add(2, { k: 'b' }); c.add(3, { k: 'b' }); }
