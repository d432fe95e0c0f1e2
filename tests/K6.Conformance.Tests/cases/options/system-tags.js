// systemTags chooses what is recorded.
import http from 'k6/http';
export const options = { systemTags: ['status', 'method', 'vu', 'iter', 'ip'] };
export default function () { http.get(`${__ENV.BASE}/status/200`); }
