// discardResponseBodies, and a request that asks for its body all the same.
import http from 'k6/http';
export const options = { discardResponseBodies: true };
export default function () {
  console.log(http.get(`${__ENV.BASE}/blob/5`).body, http.get(`${__ENV.BASE}/blob/5`, { responseType: 'text' }).body);
  try { http.get(`${__ENV.BASE}/json`).json(); } catch (e) { console.log(e.message); }
}
