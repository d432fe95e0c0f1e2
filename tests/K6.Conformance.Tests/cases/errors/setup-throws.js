// setup throws: no iteration, no teardown.
export function setup() { throw new Error('setup'); }
export default function () { console.log('never'); }
export function teardown() { console.log('never'); }
