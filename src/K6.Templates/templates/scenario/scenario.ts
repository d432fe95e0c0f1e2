import http from 'k6/http';
import { check, sleep } from 'k6';

export default function () {
  const response = http.get(`${__ENV.BASE_URL}K6_TEMPLATE_PATH`);
  check(response, { 'status is 200': (r) => r.status === 200 });
  sleep(1);
}
