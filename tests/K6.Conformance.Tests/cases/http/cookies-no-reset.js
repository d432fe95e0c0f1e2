// noCookiesReset keeps them over iterations.
import http from 'k6/http';
export const options = { iterations: 2, noCookiesReset: true };
export default function () {
  console.log(http.get(`${__ENV.BASE}/echo`).json('headers').Cookie);
  http.get(`${__ENV.BASE}/cookie?${encodeURIComponent('a=1; Path=/')}`);
}
