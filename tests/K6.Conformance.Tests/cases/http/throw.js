// The option throw makes failures exceptions.
import http from 'k6/http';
export const options = { throw: true };
export default function () {
  try { http.get('http://127.0.0.1:1/'); } catch (e) { console.log(e.name, e.message); }
  try { http.get('::'); } catch (e) { console.log(e.name, e.message); }
  console.log(http.get(`${__ENV.BASE}/status/500`).status);
}
