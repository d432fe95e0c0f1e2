// Variables before the script's options, flags before variables.
// @env K6_ITERATIONS=3
// @env K6_VUS=1
export const options = { vus: 5, iterations: 10 };
export default function () {}
