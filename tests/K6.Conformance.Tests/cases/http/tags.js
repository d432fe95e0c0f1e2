// Tags of a request, and name.
import http from 'k6/http';
export default function () {
  http.get(`${__ENV.BASE}/echo?1`, { tags: { name: 'item', kind: 'a', nr: 7, flag: true } });
  http.get(http.url`${__ENV.BASE}/echo?id=${3}`);
  http.get(`${__ENV.BASE}/echo?2`, { tags: { method: 'mine' } });
}
