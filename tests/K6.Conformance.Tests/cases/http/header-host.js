// The header Host is the one that is sent.
import http from 'k6/http';
export default function () {
  console.log(http.get(`${__ENV.BASE}/echo`, { headers: { Host: 'shop.example' } }).json('headers').Host);
}
