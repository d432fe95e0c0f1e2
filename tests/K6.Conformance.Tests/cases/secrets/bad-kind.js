// A source that cannot be.
// @args --secret-source=foo=x
export default function () {}
