// As in documentation, with dots where the rest should be.
const pem = (label) => `-----BEGIN ${label}-----\nMIIFgTCCA2kCAQEwDQYJKoZIhvcNAQEFBQAwgYExCzAJ\n...\n-----END ${label}-----`;

export const options = { tlsAuth: [{ domains: ['example.com'], cert: pem('CERTIFICATE'), key: pem('RSA PRIVATE KEY') }] };

export default function () {}
