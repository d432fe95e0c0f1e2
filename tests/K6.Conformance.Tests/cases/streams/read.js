// Readable streams: chunks, ends, errors, and when more is asked for.
// @args --summary-mode disabled
import * as ns from 'k6/experimental/streams';
import { ReadableStream, CountQueuingStrategy } from 'k6/experimental/streams';
export const options = { iterations: 1 };
const read = async (reader, n) => { const seen = []; for (let i = 0; i < n; i++) { try { const r = await reader.read(); seen.push(r.done ? 'done' : r.value); } catch (e) { seen.push(String(e)); } } return JSON.stringify(seen); };
export default async function () {
  console.log(Object.keys(ns).filter((n) => n !== 'default').sort().join());
  console.log('start', await read(new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue({ b: 1 }); c.enqueue(undefined); c.close(); } }).getReader(), 5));
  let n = 0;
  console.log('pull', await read(new ReadableStream({ pull(c) { n++; if (n > 3) c.close(); else c.enqueue(n); } }).getReader(), 5), n);
  let calls = 0;
  const slow = new ReadableStream({ async pull(c) { calls++; await null; c.enqueue(calls); } }, new CountQueuingStrategy({ highWaterMark: 3 }));
  for (let i = 0; i < 20; i++) await null;
  console.log('high water', calls, await read(slow.getReader(), 2));
  console.log('error', await read(new ReadableStream({ start(c) { c.enqueue(1); c.error(new Error('bad')); } }).getReader(), 2));
  console.log('start throws', await (async () => { try { return await read(new ReadableStream({ start() { throw new Error('in start'); } }).getReader(), 1); } catch (e) { return String(e); } })());
  console.log('start rejects', await read(new ReadableStream({ start: () => Promise.reject(new Error('later')) }).getReader(), 1));
  console.log('pull throws', await read(new ReadableStream({ pull() { throw new Error('in pull'); } }).getReader(), 2));
  const timed = new ReadableStream({ start(c) { let i = 0; const t = setInterval(() => { c.enqueue(i++); if (i === 3) { clearInterval(t); c.close(); } }, 5); } });
  console.log('timed', timed.locked, await read(timed.getReader(), 4), timed.locked);
  const c = new CountQueuingStrategy({ highWaterMark: 2 });
  console.log('strategy', c.highWaterMark, typeof c.size, c.size && c.size('x'));
}
