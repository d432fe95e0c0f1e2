export const options = { tlsCipherSuites: ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_NEVER_HEARD_OF'] };

export default function () {}
