// Built-in metrics of a script without HTTP.
// @args --summary-trend-stats count,max
export const options = { vus: 3, iterations: 7 };
export default function () {}
