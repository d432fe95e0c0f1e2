// Thresholds that are numbers.
// @differs log: k6 quotes where its parser stood
export const options = { thresholds: { iterations: [5] } };
export default function () {}
