// A source that cannot be.
// @args --secret-source=mock=a=1 --secret-source=mock=b=2
export default function () {}
