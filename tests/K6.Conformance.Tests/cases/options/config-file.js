// --config, with the script's options before it.
// @args --config does-not-exist.json
export default function () {}
