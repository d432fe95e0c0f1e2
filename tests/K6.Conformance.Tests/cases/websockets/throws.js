// A handler throws: the iteration fails, and its sockets end.
// @varying :\d+:\d+\(\d+\)
import { WebSocket } from 'k6/websockets';
export const options = { iterations: 2 };
export default function () {
  const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws`);
  w.onopen = () => w.send('x');
  w.onmessage = () => { throw new Error('in a handler'); };
  w.onclose = (e) => console.log('close', e.code, e.reason);
  w.onerror = (e) => console.log('error', e.error);
}
