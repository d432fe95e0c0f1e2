// startTime orders scenarios.
// @timed
export const options = { scenarios: { late: { executor: 'shared-iterations', vus: 1, iterations: 1, startTime: '700ms', exec: 'b' }, early: { executor: 'shared-iterations', vus: 1, iterations: 1, exec: 'a' } } };
export function a() { console.log('a', __VU > 0); }
export function b() { console.log('b'); }
