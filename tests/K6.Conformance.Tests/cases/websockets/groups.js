// Tags of the place where a socket was opened, and several sockets at once.
import { WebSocket } from 'k6/websockets';
import { group } from 'k6';
import exec from 'k6/execution';
export default function () {
  const open = (n) => { const w = new WebSocket(`${__ENV.BASE.replace('http', 'ws')}/ws`, null, { tags: { socket: n, name: 'named' } }); w.onopen = () => { w.ping(); w.send(n); }; w.onmessage = () => w.close(); };
  group('g', () => open('1'));
  exec.vu.metrics.tags.outer = 'o';
  open('2');
}
