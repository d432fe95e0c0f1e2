// A source that cannot be.
// @args --secret-source=mock=a
export default function () {}
