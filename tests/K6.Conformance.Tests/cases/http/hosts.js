// hosts maps names, with ports and patterns.
import http from 'k6/http';
const at = __ENV.BASE.replace('http://', '');
export const options = { hosts: { 'shop.example': at, '*.wild.example': at, 'port.example:81': at } };
export default function () {
  console.log(http.get('http://shop.example/echo').json('headers').Host, http.get('http://a.wild.example/echo').json('headers').Host, http.get('http://port.example:81/echo').json('headers').Host);
}
