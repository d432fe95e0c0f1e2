// A ramp of the rate: 5 iterations for 0 to 10 in a second, 10 more at 10.
// @ignore metrics samples
// @timed
export const options = { thresholds: { iterations: ['count>=14', 'count<=15'] }, scenarios: { s: { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', preAllocatedVUs: 5, stages: [{ duration: '1s', target: 10 }, { duration: '1s', target: 10 }] } } };
export default function () {}
