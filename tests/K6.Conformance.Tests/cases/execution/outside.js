// What it tells in init code and setup.
// @args --summary-mode disabled
import exec from 'k6/execution';
const tried = (f) => { try { return JSON.stringify(f()); } catch (e) { return e.message; } };
console.log(tried(() => exec.scenario.name), tried(() => exec.vu.idInTest), tried(() => exec.instance.vusActive), tried(() => exec.test.options.vus));
export function setup() { console.log(tried(() => exec.scenario.name), tried(() => exec.vu.idInTest), tried(() => exec.instance.vusActive), tried(() => exec.test.options.scenarios.default.executor)); }
export default function () {}
