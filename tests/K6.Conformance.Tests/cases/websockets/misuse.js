// What the socket does not let a script do.
import { WebSocket } from 'k6/websockets';
const tried = (name, make) => { try { console.log(name, String(make())); } catch (e) { console.log(name, String(e), e instanceof Error); } };
export default function () {
  const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws`);
  tried('early send', () => w.send('x'));
  tried('early ping', () => w.ping());
  tried('handler', () => (w.onopen = 5));
  tried('no handler', () => (w.onopen = null));
  tried('event', () => w.addEventListener('nope', () => {}));
  tried('listener', () => w.addEventListener('open'));
  tried('binaryType', () => (w.binaryType = 'x'));
  for (const name of ['url', 'readyState', 'protocol']) tried(name, () => (w[name] = 'x'));
  w.onmessage = async (e) => console.log(typeof e.data, new Uint8Array(await e.data.arrayBuffer()).join());
  w.onopen = () => {
    for (const data of [5, null, {}, [1], true, new Uint8Array([1, 2, 3]).subarray(1), new DataView(new ArrayBuffer(2))]) tried(`send ${JSON.stringify(data)}`, () => w.send(data));
    for (const code of [5, 1001, 2999, 5000, 'x']) tried(`close ${code}`, () => w.close(code));
    tried('reason', () => w.close(3000, 'x'.repeat(200)));
    w.close(1000);
  };
  w.onclose = () => { tried('late send', () => w.send('x')); tried('late ping', () => w.ping()); tried('late close', () => w.close()); };
}
