// Variables are seen with --include-system-env-vars only.
// @command inspect
// @args --include-system-env-vars=true
// @env MINE=7
// @stdout
export const options = { vus: Number(__ENV.MINE) };
export default function () {}
