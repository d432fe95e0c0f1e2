// Exceptions of iterations are logged; the iteration counts.
export const options = { iterations: 2 };
export default function () { if (__ITER === 0) { throw new Error('first'); } null.x; }
