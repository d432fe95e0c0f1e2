// A bit of everything that an engine might keep: new URLs under one name, headers, cookies, JSON, checks, groups, custom metrics, errors that a script catches.
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

export const options = {
  scenarios: {
    closed: { executor: 'constant-vus', vus: 10, duration: `${__ENV.SECONDS}s` },
    open: { executor: 'constant-arrival-rate', rate: 50, duration: `${__ENV.SECONDS}s`, preAllocatedVUs: 10, maxVUs: 20, exec: 'arrival' },
  },
  thresholds: { checks: ['rate==1'], 'http_req_duration{name:GET /item}': ['p(95)<10000'] },
};

const items = new Counter('items');
const price = new Trend('price');

export default function () {
  group('search', () => {
    const response = http.post(`${__ENV.SERVER}/json`, JSON.stringify({ query: `shoes ${__ITER}`, page: __VU }), { headers: { 'Content-Type': 'application/json' } });
    const found = response.json();
    check(response, { 'is 200': (r) => r.status === 200, 'has 20 items': () => found.items.length === 20 });
    items.add(found.items.length);
    price.add(Math.round(Math.random() * 1000) / 100); // 1001 values: distinct ones are what a trend keeps
  });
  sleep(0.05);
}

export function arrival() {
  const jar = http.cookieJar();
  jar.set(`${__ENV.SERVER}/`, 'visit', `${__ITER}`);
  http.get(`${__ENV.SERVER}/item/${__VU}-${__ITER}?q=${Math.random()}`, { tags: { name: 'GET /item' }, headers: { 'X-Visit': `${__ITER}` } });
  try {
    JSON.parse('{');
  } catch (error) {
    items.add(error.message.length > 0 ? 1 : 0);
  }
}
