// A duration that is none.
// @differs log: k6 quotes a part of the duration
export const options = { duration: '10 seconds' };
export default function () {}
