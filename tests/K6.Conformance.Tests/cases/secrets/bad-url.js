// A source that cannot be.
// @args --secret-source=url
export default function () {}
