// A source that cannot be.
// @args --secret-source=mock=name=other,default,a=q1 --secret-source=mock=default,a=2
export default function () {}
