// What the module exports.
// @differs log: the namespace object of a built-in module lists default
import http, * as all from 'k6/http';
export default function () {
  console.log(Object.keys(http).sort().join());
  console.log(Object.keys(all).sort().join());
}
