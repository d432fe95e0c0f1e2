// An executor that does not exist.
export const options = { scenarios: { s: { executor: 'sometimes' } } };
export default function () {}
