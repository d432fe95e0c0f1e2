// Flags before the script's options.
// @args --vus 2 --iterations 4
export const options = { vus: 5, iterations: 10 };
export default function () {}
