// Plain HTTP to a TLS port, and TLS to a plain one.
// @ignore server
import http from 'k6/http';
export const options = { insecureSkipTLSVerify: true };
export default function () {
  const b = http.get(__ENV.BASE.replace('http:', 'https:') + '/echo', { timeout: '2s' });
  console.log(b.status, b.error_code);
}
