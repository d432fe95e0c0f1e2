// A function in what setup returns.
export function setup() { return { f() {} }; }
export default function (data) { console.log(JSON.stringify(data)); }
