// insecureSkipTLSVerify.
// @ignore samples
import http from 'k6/http';
export const options = { insecureSkipTLSVerify: true };
export default function () {
  const r = http.get(`${__ENV.TLS}/echo`);
  console.log(r.status, r.tls_version, r.tls_cipher_suite.startsWith('TLS_'), r.timings.tls_handshaking > 0);
}
