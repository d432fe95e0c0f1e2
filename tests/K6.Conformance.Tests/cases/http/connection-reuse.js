// A connection for each virtual user.
import http from 'k6/http';
export const options = { vus: 3, iterations: 6, scenarios: undefined };
export default function () { http.get(`${__ENV.BASE}/delay/30`); }
