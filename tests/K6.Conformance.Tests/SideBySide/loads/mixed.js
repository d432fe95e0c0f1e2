// An iteration with some of everything that leaves samples. The load comes in OPTIONS.
import http from 'k6/http';
import exec from 'k6/execution';
import { check, group, sleep } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';

export const options = JSON.parse(__ENV.OPTIONS);

const orders = new Counter('orders');
const even = new Rate('even');
const size = new Trend('size');

export default function () {
  group('read', () => {
    const response = http.get(`${__ENV.BASE}/delay/5`, { tags: { name: 'GET /delay' } });
    check(response, { 'is answered': (r) => r.status === 200 });
    size.add(response.body.length);
  });
  group('write', () => {
    const response = http.post(`${__ENV.BASE}/orders`, JSON.stringify({ id: 7 }), { headers: { 'Content-Type': 'application/json' }, tags: { name: 'POST /orders', kind: 'write' } });
    check(response, { 'is echoed': (r) => r.json('method') === 'POST' });
    orders.add(2, { kind: 'write' });
  });
  http.get(`${__ENV.BASE}/redirect/2`, { tags: { name: 'GET /redirect' } });
  http.get(`${__ENV.BASE}/status/500`, { tags: { name: 'GET /status' } });
  even.add(exec.scenario.iterationInTest % 2 === 0);
  sleep(0.01);
}

export function failing() {
  http.get(`${__ENV.BASE}/status/404`);
  throw new Error('each iteration fails');
}

export function aborting() {
  http.get(`${__ENV.BASE}/status/200`);
  if (exec.scenario.iterationInTest === 6) {
    exec.test.abort('seven are enough');
  }
}

export function marking() {
  http.get(`${__ENV.BASE}/status/200`);
  if (exec.scenario.iterationInTest === 3) {
    exec.test.fail('marked as failed');
  }
}
