// What each executor cannot do without.
export const options = { scenarios: { a: { executor: 'constant-vus' }, b: { executor: 'constant-arrival-rate', duration: '1s' }, c: { executor: 'ramping-vus' }, d: { executor: 'ramping-arrival-rate', preAllocatedVUs: 1 } } };
export default function () {}
