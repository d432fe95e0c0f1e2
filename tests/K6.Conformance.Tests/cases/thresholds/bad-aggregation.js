// An aggregation of another kind of metric.
export const options = { thresholds: { iterations: ['p(95)<1'] } };
export default function () {}
