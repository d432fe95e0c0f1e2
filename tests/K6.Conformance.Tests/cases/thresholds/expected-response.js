// http_req_duration{expected_response:true} is always there.
import http from 'k6/http';
export const options = { thresholds: { 'http_req_failed': ['rate<0.6'], 'http_req_failed{status:500}': ['rate==1'], 'http_reqs{expected_response:true}': ['count==1'] } };
export default function () { http.get(`${__ENV.BASE}/status/200`); http.get(`${__ENV.BASE}/status/500`); }
