// A redirect to nowhere.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/to?302&${encodeURIComponent('http://[bad/')}`);
  console.log(r.status, r.error_code);
  console.log(http.get(`${__ENV.BASE}/to?302&`).status);
}
