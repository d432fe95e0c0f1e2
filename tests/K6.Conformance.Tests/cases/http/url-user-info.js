// A user in the address is sent as basic authentication, and is in no tag.
import http from 'k6/http';
export default function () {
  const r = http.get(__ENV.BASE.replace('//', '//user:secret@') + '/basic');
  console.log(r.status, r.url, r.request.url);
}
