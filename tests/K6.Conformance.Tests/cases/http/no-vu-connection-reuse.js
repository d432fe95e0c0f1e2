// noVUConnectionReuse makes one for each iteration.
import http from 'k6/http';
export const options = { noVUConnectionReuse: true, iterations: 3 };
export default function () {
  http.get(`${__ENV.BASE}/echo`); http.get(`${__ENV.BASE}/echo`);
}
