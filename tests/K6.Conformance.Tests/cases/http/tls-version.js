// tlsVersion limits the protocol.
// @ignore samples
import http from 'k6/http';
export const options = { insecureSkipTLSVerify: true, tlsVersion: 'tls1.2' };
export default function () { console.log(http.get(`${__ENV.TLS}/echo`).tls_version); }
