// A selector with a brace too few.
export const options = { thresholds: { 'iterations{a:b': ['count>0'] } };
export default function () {}
