// Samples of set-up and tear-down count, in their groups.
import { Counter } from 'k6/metrics';
const c = new Counter('counter');
export function setup() { c.add(1, { phase: 'setup' }); }
export default function () { c.add(10, { phase: 'default' }); }
export function teardown() { c.add(100, { phase: 'teardown' }); }
