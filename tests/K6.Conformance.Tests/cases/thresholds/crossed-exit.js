// One that is crossed: exit code 99.
export const options = { thresholds: { iterations: ['count>5'] } };
export default function () {}
