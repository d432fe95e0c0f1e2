// Binary messages as blobs.
import { WebSocket, Blob } from 'k6/websockets';
export default async function () {
  const blob = new Blob(['ab', new Uint8Array([67]), new Uint8Array([68]).buffer, new Blob(['e'])], { type: 'text/plain' });
  console.log(blob.size, blob.type, Object.keys(blob).sort().join(), JSON.stringify(blob), await blob.text(), new Uint8Array(await blob.arrayBuffer()).join(), (await blob.bytes()).join());
  for (const a of [[1], [1, 3], [0, 10], [1, 2, 'x']]) { const s = blob.slice(...a); console.log('slice', JSON.stringify(a), s.size, s.type, await s.text()); }
  for (const a of [[], [[]]]) { try { const b = new Blob(...a); console.log('new', JSON.stringify(a), b.size, b.type, await b.text()); } catch (e) { console.log('new', JSON.stringify(a), String(e)); } }
  await new Promise((done) => {
    const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws`);
    w.onopen = () => { try { w.send(new Blob(['out'])); } catch (e) { console.log(String(e)); } w.send('binary'); };
    w.onmessage = async (e) => { console.log(e.data.size, e.data.type, (await e.data.bytes()).join()); w.close(); };
    w.onclose = done;
  });
}
