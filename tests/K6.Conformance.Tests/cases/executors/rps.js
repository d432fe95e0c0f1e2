// rps limits requests over all virtual users.
// @timed
// @ignore samples metrics server
import http from 'k6/http';
export const options = { vus: 5, duration: '1s', rps: 20, thresholds: { http_reqs: ['count<=30', 'count>=10'] } };
export default function () { http.get(`${__ENV.BASE}/echo`); }
