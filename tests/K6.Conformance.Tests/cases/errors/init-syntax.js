// A script that does not parse.
// @differs log: the parser's own words for what it does not expect
export default function () { let 5x = 1; }
