// The option is about versions before TLS 1.3, which has suites of its own.
import http from 'k6/http';

export const options = { tlsCipherSuites: ['TLS_RSA_WITH_RC4_128_SHA'], insecureSkipTLSVerify: true };

export default function () {
  const response = http.get(`${__ENV.TLS}/status/200`);
  console.log(response.status, response.tls_version);
}
