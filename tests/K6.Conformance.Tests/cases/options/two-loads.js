// duration and scenarios.
export const options = { duration: '1s', scenarios: { s: { executor: 'shared-iterations' } } };
export default function () {}
