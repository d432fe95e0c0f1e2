// http.url.
import http from 'k6/http';
export default function () {
  const u = http.url`${__ENV.BASE}/echo?id=${3}&x=${'y'}`;
  console.log(Object.keys(u).join(), u.name, u.url, u.clean_url, u.toString());
  console.log(http.get(u).url);
}
