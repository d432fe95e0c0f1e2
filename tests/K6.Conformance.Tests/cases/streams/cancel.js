// Cancelling, locks, and what is refused.
// @args --summary-mode disabled
import { ReadableStream, ReadableStreamDefaultReader } from 'k6/experimental/streams';
export const options = { iterations: 1 };
const tried = async (name, f) => { try { console.log(name, JSON.stringify(await f())); } catch (e) { console.log(name, e && e.name, e && e.message || String(e)); } };
export default async function () {
  await tried('cancel', async () => { let why; const s = new ReadableStream({ cancel(r) { why = r; } }); const r = await s.cancel('enough'); return [why, r === undefined, (await s.getReader().read()).done]; });
  await tried('reader cancel', async () => { let why; const s = new ReadableStream({ start(c) { c.enqueue(1); }, cancel(r) { why = r; } }); const reader = s.getReader(); await reader.cancel('x'); return [why, (await reader.read()).done]; });
  await tried('cancel rejects', () => new ReadableStream({ cancel() { throw new Error('no'); } }).cancel());
  const s = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); } });
  const reader = s.getReader();
  await tried('locked', () => s.getReader());
  await tried('locked cancel', () => s.cancel());
  await tried('release', async () => { const a = (await reader.read()).value; reader.releaseLock(); return [a, s.locked, (await s.getReader().read()).value]; });
  await tried('released read', () => reader.read());
  await tried('closed', async () => { const r = new ReadableStream({ start(c) { c.close(); } }).getReader(); return [await r.closed === undefined]; });
  await tried('constructor', async () => { const r = new ReadableStreamDefaultReader(new ReadableStream({ start(c) { c.enqueue(5); } })); return (await r.read()).value; });
  for (const source of [null, 5, { type: 'bytes' }, { type: 'x' }, { start: 5 }, { pull: 5 }]) await tried(`source ${JSON.stringify(source)}`, () => typeof new ReadableStream(source));
  for (const strategy of [{ highWaterMark: -1 }, { highWaterMark: NaN }, { size: 5 }]) await tried(`strategy ${JSON.stringify(strategy)}`, () => typeof new ReadableStream({}, strategy));
  await tried('mode', () => new ReadableStream().getReader({ mode: 'byob' }));
  await tried('close twice', async () => { new ReadableStream({ start(c) { c.close(); c.close(); } }); });
  await tried('enqueue late', async () => { new ReadableStream({ start(c) { c.close(); c.enqueue(1); } }); });
}
