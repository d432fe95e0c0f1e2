// Addresses that cannot be parsed or reached by their scheme.
// @differs log metrics samples: a port beyond 65535 is refused as an address and not by the connection
import http from 'k6/http';
export default function () {
  for (const u of ['', 'http://', 'no scheme', 'ftp://127.0.0.1/', 'http://127.0.0.1:99999/', 'http://[::1', 'http://a b/', '://x', 'http://%zz/']) {
    const r = http.get(u);
    console.log(JSON.stringify(u), r.status, r.error_code, r.error);
  }
}
