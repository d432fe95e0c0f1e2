// No virtual users.
// @args --vus 0 --iterations 1
export default function () {}
