// The place of an exception.
// @varying :\d+\(\d+\)
function inner() { throw new Error('deep'); }
export default function () { inner(); }
