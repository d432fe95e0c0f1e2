// handleSummary returns what is no text.
export default function () {}
export function handleSummary() { return { 'a.txt': 5 }; }
