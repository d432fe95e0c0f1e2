// A function in what setup returns.
// @differs exitCode log metrics samples: k6 refuses a function in the data of setup; this engine leaves it out as JSON does
export function setup() { return { f() {} }; }
export default function (data) { console.log(JSON.stringify(data)); }
