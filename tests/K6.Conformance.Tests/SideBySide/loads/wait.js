// One request that the server answers after DELAY ms, then SLEEP ms of rest. The load comes in OPTIONS. Requests of setup come before it, so that neither engine is measured cold.
import http from 'k6/http';
import { check, sleep } from 'k6';

export const options = Object.assign(JSON.parse(__ENV.OPTIONS), { thresholds: { 'http_req_duration{name:GET /delay}': [] } });

function get(path, name) {
  const response = http.get(`${__ENV.BASE}${path}`, { tags: { name } });
  check(response, { 'is answered': (r) => r.status === 200 });
}

export function setup() {
  for (let i = 0; i < 30; i++) {
    get('/status/200', 'GET /status');
    sleep(0.01);
  }
}

export default function () {
  get(`/delay/${__ENV.DELAY}`, 'GET /delay');
  sleep(Number(__ENV.SLEEP) / 1000);
}
