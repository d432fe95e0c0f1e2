// A flag that k6 does not know.
// @args --nothing
export default function () {}
