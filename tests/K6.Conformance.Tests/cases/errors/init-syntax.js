// A script that does not parse.
export default function () { let 5x = 1; }
