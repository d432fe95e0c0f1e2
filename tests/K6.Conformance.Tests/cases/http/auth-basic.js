// auth: basic.
import http from 'k6/http';
export default function () {
  const u = __ENV.BASE.replace('//', '//user:secret@') + '/basic';
  console.log(http.get(u, { auth: 'basic' }).status, http.get(`${__ENV.BASE}/basic`, { auth: 'basic' }).status);
}
