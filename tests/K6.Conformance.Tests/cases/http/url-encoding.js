// Paths and queries arrive as they were written.
// @differs log server: letters beyond ASCII in a query are escaped, where k6 sends them as they are
import http from 'k6/http';
export default function () {
  for (const path of ['/a%20b?c=%2F', '/ü?ö=1', '/x y', '/a?b#frag', '?q=1', '/a//b/../c', '/%7Bid%7D']) {
    console.log(path, http.get(__ENV.BASE + path).json('target'));
  }
}
