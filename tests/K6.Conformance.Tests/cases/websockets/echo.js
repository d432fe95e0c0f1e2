// Messages in both directions, pings, and the properties of socket and events.
// @ignore metrics samples
// @unordered
import { WebSocket } from 'k6/websockets';
export default function () {
  const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws?x=1`);
  console.log(Object.keys(w).join(), w instanceof WebSocket, w.readyState, w.url.endsWith('/ws?x=1'), w.bufferedAmount, w.binaryType, JSON.stringify(w.extensions), w.protocol, w.onopen === null, w.OPEN, WebSocket.OPEN);
  w.binaryType = 'arraybuffer';
  // Each step waits for what the one before it brings.
  const steps = [() => w.ping(), () => w.send(new Uint8Array([1, 2, 3]).buffer), () => w.send('hello'), () => w.send('binary'), () => w.send('fragments'), () => w.send('ping'), () => w.send('many 3'), () => w.send('grüße'), () => w.send(''), () => w.send('x'.repeat(70000)), () => w.close(1000, 'done')];
  const next = () => steps.shift()();
  w.addEventListener('open', (e) => console.log('open', Object.keys(e).sort().join(), e.type, typeof e.timestamp, w.readyState));
  w.onopen = next;
  w.onmessage = function (e) {
    console.log('message', this === undefined, Object.keys(e).sort().join(), e.type, typeof e.data, e.data instanceof ArrayBuffer ? new Uint8Array(e.data).join() : e.data.slice(0, 20), e.origin);
    if (!['one two', '0', '1'].includes(e.data)) next();
  };
  w.onping = (e) => console.log('ping', Object.keys(e).sort().join(), e.type);
  w.onpong = (e) => { console.log('pong', Object.keys(e).sort().join(), e.type); next(); };
  w.onerror = (e) => console.log('error', e.error);
  w.onclose = (e) => { console.log('close', Object.keys(e).sort().join(), e.code, e.reason, w.readyState); w.close(); };
}
