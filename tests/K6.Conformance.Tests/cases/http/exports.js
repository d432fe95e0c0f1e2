// What the module exports.
import http, * as all from 'k6/http';
export default function () {
  console.log(Object.keys(http).sort().join());
  console.log(Object.keys(all).sort().join());
}
