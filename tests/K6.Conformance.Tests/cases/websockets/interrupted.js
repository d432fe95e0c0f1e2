// A socket that nobody closes, at the end of the scenario.
// @timed
import { WebSocket } from 'k6/websockets';
export const options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '500ms', gracefulStop: '200ms' } } };
export default function () {
  const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws`);
  w.onopen = () => w.send('x');
  w.onmessage = (e) => console.log(e.data);
  w.onclose = (e) => console.log('close', e.code, e.reason);
  w.onerror = (e) => console.log('error', e.error);
}
