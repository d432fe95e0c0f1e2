// A challenge that asks for SHA-256.
// @differs log metrics samples: k6 answers with MD5 and is refused
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE.replace('//', '//us%20er:pa%3Ass@')}/digest/sha`, { auth: 'digest' });
  console.log(r.status, r.body);
}
