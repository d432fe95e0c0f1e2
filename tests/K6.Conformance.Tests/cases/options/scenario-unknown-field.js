// A field that the executor does not have.
export const options = { scenarios: { s: { executor: 'shared-iterations', rate: 5 } } };
export default function () {}
