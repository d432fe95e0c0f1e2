// A source that cannot be.
// @args --secret-source=url=urlTemplate=http://127.0.0.1/x
export default function () {}
