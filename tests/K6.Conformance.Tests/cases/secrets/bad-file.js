// A source that cannot be.
// @args --secret-source=file=/no/such/file
export default function () {}
