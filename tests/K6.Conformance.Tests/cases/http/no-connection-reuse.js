// noConnectionReuse makes a connection for each request.
import http from 'k6/http';
export const options = { noConnectionReuse: true, iterations: 2 };
export default function () {
  http.get(`${__ENV.BASE}/echo`); http.get(`${__ENV.BASE}/echo`);
}
