// A name that k6 does not take.
export const options = { scenarios: { 'two words': { executor: 'shared-iterations' } } };
export default function () {}
