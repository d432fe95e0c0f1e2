// Files, stdout and stderr of handleSummary. The order of the keys of root_group differs from run to run in k6.
// @stdout
export default function () {}
export function handleSummary(data) { return { stdout: 'to stdout\n', stderr: 'to stderr\n', 'file.txt': 'content', 'bytes.bin': new Uint8Array([65, 66]).buffer, 'keys.json': JSON.stringify([Object.keys(data).sort(), Object.keys(data.metrics).sort(), Object.keys(data.state).sort(), Object.entries(data.root_group).sort()]) }; }
