// Compressed messages.
import { WebSocket } from 'k6/websockets';
export default function () {
  const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws/deflate`, null, { compression: 'deflate' });
  const texts = ['a', 'abc'.repeat(1000), 'a'];
  w.onopen = () => { console.log(JSON.stringify(w.extensions)); for (const t of texts) w.send(t); w.send(new Uint8Array(5).buffer); };
  w.onmessage = (e) => { console.log(typeof e.data, e.data.length || e.data.size); if (typeof e.data !== 'string') w.close(); };
  w.onclose = (e) => console.log(e.code);
}
