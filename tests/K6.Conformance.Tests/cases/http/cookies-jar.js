// Cookies of answers are sent again in the iteration, and forgotten after it.
import http from 'k6/http';
export const options = { iterations: 2 };
export default function () {
  console.log(http.get(`${__ENV.BASE}/echo`).json('headers').Cookie);
  http.get(`${__ENV.BASE}/cookie?${encodeURIComponent('a=1; Path=/')}&${encodeURIComponent('b=2; Path=/sub')}`);
  console.log(http.get(`${__ENV.BASE}/echo`).json('headers').Cookie, http.get(`${__ENV.BASE}/sub/x`).json('headers').Cookie);
}
