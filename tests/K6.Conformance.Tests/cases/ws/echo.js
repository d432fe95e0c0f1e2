// A socket that blocks until it is closed.
import ws from 'k6/ws';
export const options = { iterations: 2 };
export default function () {
  const seen = [];
  const response = ws.connect(`${__ENV.BASE.replace('http', 'ws')}/ws`, { tags: { my: 'tag' }, headers: { 'X-My': 'h' } }, (socket) => {
    console.log(Object.keys(socket).sort().join());
    socket.on('open', () => { seen.push('open'); socket.send('hello'); socket.sendBinary(new Uint8Array([1, 2]).buffer); socket.ping(); socket.send('ping'); socket.send('fragments'); socket.setTimeout(() => { seen.push('timeout'); socket.close(); }, 100); });
    socket.on('message', (m) => seen.push(`message ${m}`));
    socket.on('binaryMessage', (m) => seen.push(`binary ${new Uint8Array(m).join()}`));
    socket.on('ping', () => seen.push('ping'));
    socket.on('pong', () => seen.push('pong'));
    socket.on('close', (code) => seen.push(`close ${code}`));
    socket.on('error', (e) => seen.push(`error ${e.error()}`));
  });
  console.log(seen.sort().join('; '));
  console.log(Object.keys(response).sort().join(), response.status, response.url.endsWith('/ws'), response.body, response.error, response.headers.Upgrade, response.headers['Set-Cookie']);
}
