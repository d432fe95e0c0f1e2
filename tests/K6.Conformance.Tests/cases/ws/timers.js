// Timers of a socket, and arguments that are none.
import ws from 'k6/ws';
export default function () {
  ws.connect(`${__ENV.BASE.replace('http', 'ws')}/ws`, (s) => {
    let n = 0;
    for (const [name, f] of Object.entries({ timeout: () => s.setTimeout(() => {}, 0), interval: () => s.setInterval(() => {}, -1), none: () => s.setTimeout(() => {}), sendBinary: () => s.sendBinary('x'), sendNothing: () => s.sendBinary(), number: () => s.send(5) })) { try { f(); console.log(name, 'fine'); } catch (e) { console.log(name, String(e)); } }
    s.on('open', () => s.setInterval(() => { n++; console.log('tick', n); if (n === 3) s.close(); }, 10));
    s.on('message', (m) => console.log(m));
  });
}
