// A promise that is rejected and nobody handles.
export const options = { iterations: 2 };
export default async function () { if (__ITER === 0) { throw new Error('async'); } Promise.reject(new Error('left')); }
