// One text in place of a list.
export const options = { thresholds: { iterations: 'count>0' } };
export default function () {}
