// What is no error is thrown.
export const options = { iterations: 4 };
export default function () { throw [5, 'text', { a: 1 }, null][__ITER]; }
