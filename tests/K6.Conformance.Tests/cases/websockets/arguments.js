// Addresses, protocols and parameters, right and wrong.
import { WebSocket } from 'k6/websockets';
const base = `${__ENV.BASE.replace('http', 'ws')}/ws`;
const tried = (name, make) => { try { console.log(name, String(make())); } catch (e) { console.log(name, String(e), e instanceof Error); } };
export default async function () {
  for (const url of ['http://x', 'x', ':::', 5, undefined, 'ws://127.0.0.1:1/#frag']) tried(`url ${url}`, () => new WebSocket(url).url);
  for (const p of [{ compression: 'gzip' }, { tags: { a: {} } }, 'x', { nope: 1 }]) tried(`params ${JSON.stringify(p)}`, () => new WebSocket(base, null, p).readyState);
  for (const p of ['a', ['a', 'b'], [], undefined, null]) {
    await new Promise((done) => { const w = new WebSocket(base, p); w.onopen = () => { console.log(JSON.stringify(p), w.protocol); w.close(); }; w.onclose = done; });
  }
  for (const p of [undefined, null, {}, 5, { headers: 5, tags: 5, jar: 5 }, { headers: { 'x-my': 'h', N: 5 }, tags: { my: 'tag', n: 5 } }]) {
    await new Promise((done) => { const w = new WebSocket(base, null, p); w.onopen = () => w.send('headers'); w.onmessage = (e) => { console.log(JSON.stringify(p), e.data); w.close(); }; w.onclose = done; });
  }
}
