// handleSummary throws; k6's own summary is written.
export default function () {}
export function handleSummary() { throw new Error('summary'); }
