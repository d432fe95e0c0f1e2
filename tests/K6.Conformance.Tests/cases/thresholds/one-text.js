// One text in place of a list.
// @differs log: k6 quotes where its parser stood
export const options = { thresholds: { iterations: 'count>0' } };
export default function () {}
