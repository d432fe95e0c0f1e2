// A flag that k6 does not know.
// @differs log: k6 writes this record as text whatever the log format
// @args --nothing
export default function () {}
