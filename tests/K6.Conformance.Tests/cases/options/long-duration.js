// Durations in all forms, as inspect shows them.
// @command inspect
// @stdout
export const options = { scenarios: { s: { executor: 'constant-vus', duration: '1h2m3s4ms', gracefulStop: '1.5s', startTime: '90s' }, t: { executor: 'per-vu-iterations', maxDuration: '1d2h' } } };
export default function () {}
