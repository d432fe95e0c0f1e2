// How sockets end, and what is refused.
import ws from 'k6/ws';
const base = `${__ENV.BASE.replace('http', 'ws')}/ws`;
const one = (name, url, run) => {
  try {
    const r = ws.connect(url, (s) => {
      s.on('open', () => run(s));
      s.on('close', (code) => console.log(name, 'close', code));
      s.on('error', (e) => console.log(name, 'error', typeof e, e.error()));
    });
    console.log(name, r && r.status, r && r.error, r && r.body);
  } catch (e) { console.log(name, String(e)); }
};
export default function () {
  one('refused', 'ws://127.0.0.1:1/');
  one('status', base.replace('/ws', '/status/403'));
  one('close', base, (s) => s.close());
  one('close 3000', base, (s) => s.close(3000));
  one('close twice', base, (s) => { s.close(); s.close(); });
  one('closed', base, (s) => s.send('close'));
  one('closed 1000', base, (s) => s.send('close 1000'));
  one('closed 4001', base, (s) => s.send('close 4001 because'));
  one('end', base, (s) => s.send('end'));
  one('throws', base, () => { throw new Error('in a handler'); });
  for (const args of [[], [base], [base, {}], [base, () => {}, {}], [5, () => {}], [base, { compression: 'gzip' }, () => {}], [base, { nope: 1 }, (s) => s.close()]]) {
    try { const r = ws.connect(...args); console.log(args.length, r && r.status); } catch (e) { console.log(args.length, String(e)); }
  }
}
