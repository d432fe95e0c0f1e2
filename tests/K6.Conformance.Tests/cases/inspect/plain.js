// inspect prints the options.
// @command inspect
// @stdout
export const options = { vus: 2, iterations: 5, thresholds: { checks: ['rate>0.9', { threshold: 'rate>0.5', abortOnFail: true, delayAbortEval: '10s' }] }, tags: { a: 'b' }, ext: { own: { x: [1] } } };
export default function () {}
