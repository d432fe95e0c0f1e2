// No script at all.
// @noscript
// @args does-not-exist.js
export default function () {}
