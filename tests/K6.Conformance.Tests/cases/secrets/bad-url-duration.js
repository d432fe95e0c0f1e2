// A source that cannot be.
// @args --secret-source=url=urlTemplate=http://127.0.0.1/{key},timeout=x
export default function () {}
