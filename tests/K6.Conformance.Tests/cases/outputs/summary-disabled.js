// --summary-mode disabled.
// @args --summary-mode disabled
// @stdout
export default function () {}
