// What setup returns is copied as JSON.
// @ignore metrics
export function setup() { return { d: new Date(0), u: undefined, n: null, deep: { list: [1, { x: 2 }] } }; }
export default function (data) { console.log(Object.keys(data).sort().map((k) => `${k} ${JSON.stringify(data[k])}`).join()); data.deep.list[1].x = 9; }
export function teardown(data) { console.log(data.deep.list[1].x); }
