// What an executor cannot do without.
export const options = { scenarios: { d: { executor: 'ramping-arrival-rate', preAllocatedVUs: 1 } } };
export default function () {}
