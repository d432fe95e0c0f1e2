// Timers in init code and in set-up.
// @args --summary-mode disabled
setTimeout(() => console.log('init timer'), 1);
export function setup() { setTimeout(() => console.log('setup timer'), 1); return { a: 1 }; }
export default function () { console.log('default'); }
export function teardown() { setTimeout(() => console.log('teardown timer'), 1); }
