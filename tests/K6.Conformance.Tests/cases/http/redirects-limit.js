// maxRedirects of the options, of a request, and the warning.
import http from 'k6/http';
export const options = { maxRedirects: 1 };
export default function () {
  console.log(http.get(`${__ENV.BASE}/redirect/3`).status, http.get(`${__ENV.BASE}/redirect/3`, { redirects: 0 }).status, http.get(`${__ENV.BASE}/redirect/3`, { redirects: 5 }).status);
}
