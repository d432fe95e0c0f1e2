// exec.vu.metrics.metadata goes with samples and makes no series.
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const c = new Counter('c');
export default function () { exec.vu.metrics.metadata.m = 'x'; c.add(1); console.log(JSON.stringify(exec.vu.metrics.metadata)); delete exec.vu.metrics.metadata.m; c.add(2); }
