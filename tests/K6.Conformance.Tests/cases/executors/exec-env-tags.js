// exec, env and tags of scenarios.
// @unordered
export const options = { scenarios: { one: { executor: 'shared-iterations', vus: 1, iterations: 1, exec: 'run', env: { WHO: 'one' }, tags: { k: '1' } }, two: { executor: 'shared-iterations', vus: 1, iterations: 1, exec: 'run', env: { WHO: 'two' }, tags: { k: '2', scenario: 'mine' } } } };
export function run() { console.log(__ENV.WHO, __ENV.NONE); }
