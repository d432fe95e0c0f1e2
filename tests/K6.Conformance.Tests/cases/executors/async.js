// Async functions are awaited.
import { setTimeout as later } from 'k6/timers';
export const options = { iterations: 3 };
export default async function () { await new Promise((r) => later(r, 20)); console.log(__ITER); }
