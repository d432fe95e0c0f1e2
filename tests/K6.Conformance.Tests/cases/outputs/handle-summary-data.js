// The data of handleSummary.
import { check, group } from 'k6';
import { Counter, Rate, Trend, Gauge } from 'k6/metrics';
const c = new Counter('c'), r = new Rate('r'), t = new Trend('t', true), g = new Gauge('g');
export const options = { thresholds: { c: ['count>0', 'count>5'], 't{k:v}': ['p(95)<100'] }, summaryTrendStats: ['avg', 'p(95)', 'count'] };
export function setup() { return { token: 1 }; }
export default function () { group('a', () => { check(1, { yes: () => true, no: () => false }); }); c.add(2); r.add(1); r.add(0); t.add(5, { k: 'v' }); g.add(3); }
export function handleSummary(data) { const m = (n) => JSON.stringify(data.metrics[n]); return { 'data.json': [m('c').replace(/"rate":[\d.]+/, '"rate":0'), m('r'), m('t'), m('t{k:v}'), m('g'), m('checks'), JSON.stringify(data.root_group), JSON.stringify(data.options), JSON.stringify(data.setup_data)].join('\n') }; }
