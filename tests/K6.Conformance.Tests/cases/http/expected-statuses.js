// setResponseCallback and responseCallback decide what has failed.
import http from 'k6/http';
http.setResponseCallback(http.expectedStatuses(200, { min: 400, max: 404 }));
export default function () {
  http.get(`${__ENV.BASE}/status/404`); http.get(`${__ENV.BASE}/status/500`); http.get(`${__ENV.BASE}/status/201`);
  http.get(`${__ENV.BASE}/status/500`, { responseCallback: http.expectedStatuses(500) });
  http.get(`${__ENV.BASE}/status/200`, { responseCallback: null });
}
