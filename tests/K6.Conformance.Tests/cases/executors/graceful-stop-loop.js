// A loop without an end is interrupted too.
// @timed
export const options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
export default function () { for (;;) { /* for ever */ } }
