// A source that cannot be.
// @args --secret-source=file={data}/bad.env
export default function () {}
