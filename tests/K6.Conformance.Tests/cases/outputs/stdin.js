// A script from standard input.
// @stdin
export default function () { console.log('from stdin'); }
