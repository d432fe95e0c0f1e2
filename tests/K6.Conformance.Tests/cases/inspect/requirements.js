// --execution-requirements: the longest time and the most virtual users.
// @command inspect
// @args --execution-requirements
// @stdout
export const options = { scenarios: { a: { executor: 'ramping-vus', stages: [{ duration: '10s', target: 5 }, { duration: '5s', target: 0 }] }, b: { executor: 'constant-arrival-rate', rate: 5, duration: '20s', preAllocatedVUs: 3, maxVUs: 9, startTime: '5s' } } };
export default function () {}
