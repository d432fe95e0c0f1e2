// --tag goes on all samples.
// @args --tag run=5 --tag env=test
export default function () {}
