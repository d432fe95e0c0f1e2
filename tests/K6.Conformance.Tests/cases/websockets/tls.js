// Over TLS.
import { WebSocket } from 'k6/websockets';
export const options = { insecureSkipTLSVerify: true };
export default function () {
  const w = new WebSocket(`${__ENV.TLS.replace('http', 'ws')}/ws`);
  w.onopen = () => w.send('x');
  w.onmessage = (e) => { console.log(e.data); w.close(); };
  w.onerror = (e) => console.log(e.error);
}
