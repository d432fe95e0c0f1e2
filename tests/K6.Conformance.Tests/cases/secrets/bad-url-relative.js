// A source that cannot be.
// @args --secret-source=url=urlTemplate=x/{key}
export default function () {}
