// Thresholds that are numbers.
export const options = { thresholds: { iterations: [5] } };
export default function () {}
