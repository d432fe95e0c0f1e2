// How sockets end.
import { WebSocket } from 'k6/websockets';
const base = `${__ENV.BASE.replace('http', 'ws')}/ws`;
const one = (name, url, run) => new Promise((resolve) => {
  const w = new WebSocket(url);
  w.onerror = (e) => console.log(name, 'error', Object.keys(e).sort().join(), e.error, w.readyState);
  w.onclose = (e) => { console.log(name, 'close', Object.keys(e).sort().join(), e.code, JSON.stringify(e.reason), w.readyState); resolve(); };
  w.onopen = () => { console.log(name, 'open'); run(w); };
});
export default async function () {
  await one('refused', 'ws://127.0.0.1:1/');
  await one('status', base.replace('/ws', '/status/403'));
  await one('accept', `${base}/badaccept`);
  await one('end', base, (w) => w.send('end'));
  await one('garbage', base, (w) => w.send('garbage'));
  await one('close', base, (w) => { w.close(); console.log(w.readyState); });
  await one('close twice', base, (w) => { w.close(); w.close(); });
  await one('close with a reason', base, (w) => w.close(3000, 'my reason'));
  await one('closed without a code', base, (w) => w.send('close'));
  await one('closed 1000', base, (w) => w.send('close 1000'));
  await one('closed 1001', base, (w) => w.send('close 1001 away'));
  await one('closed 4001', base, (w) => w.send('close 4001 because'));
}
