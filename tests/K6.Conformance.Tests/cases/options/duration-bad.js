// A duration that is none.
export const options = { duration: '10 seconds' };
export default function () {}
