// minIterationDuration holds the next iteration back.
// @timed
// @ignore samples metrics
export const options = { vus: 1, duration: '1s', minIterationDuration: '400ms', thresholds: { iterations: ['count<=3', 'count>=2'] } };
export default function () {}
