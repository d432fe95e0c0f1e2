// Every executor with its defaults.
// @command inspect
// @args --execution-requirements
// @stdout
export const options = { scenarios: {
  a: { executor: 'shared-iterations' }, b: { executor: 'per-vu-iterations' }, c: { executor: 'constant-vus', duration: '1s' },
  d: { executor: 'ramping-vus', stages: [{ target: 1, duration: '1s' }] }, e: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 },
  f: { executor: 'ramping-arrival-rate', stages: [{ target: 1, duration: '1s' }], preAllocatedVUs: 1 } } };
export default function () {}
