// A source that cannot be.
// @args --secret-source=file={data}/secrets.env,foo=bar
export default function () {}
