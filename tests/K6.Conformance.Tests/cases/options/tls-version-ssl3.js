export const options = { tlsVersion: { min: 'ssl3.0', max: 'tls1.2' } };

export default function () {}
