// vus and iterations; and iterations with a duration as their limit.
export const options = { vus: 2, iterations: 6, duration: '30s' };
export default function () {}
