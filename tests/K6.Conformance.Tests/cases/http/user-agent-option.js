// The option userAgent, and a header that beats it.
import http from 'k6/http';
export const options = { userAgent: 'tester/1' };
export default function () {
  console.log(http.get(`${__ENV.BASE}/echo`).json('headers')['User-Agent'], http.get(`${__ENV.BASE}/echo`, { headers: { 'user-agent': 'own' } }).json('headers')['User-Agent']);
}
