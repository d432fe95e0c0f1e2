import http from 'k6/http';
import { check, group } from 'k6';
import { Counter, Trend } from 'k6/metrics';

export const options = __ENV.SECONDS === '0'
  ? { vus: Number(__ENV.VUS), iterations: Number(__ENV.VUS) }
  : { vus: Number(__ENV.VUS), duration: `${__ENV.SECONDS}s` };

const items = new Counter('items');
const price = new Trend('price');
const body = JSON.stringify({ query: 'shoes', page: 1, filters: { inStock: true, max: 50 } });

export default function () {
  group('search', () => {
    const response = http.post(`${__ENV.SERVER}/json`, body, { headers: { 'Content-Type': 'application/json' } });
    const found = response.json();
    check(response, { 'is 200': (r) => r.status === 200, 'has 20 items': () => found.items.length === 20 });
    items.add(found.items.length);
    price.add(found.items.filter((i) => i.inStock).reduce((sum, i) => sum + i.price, 0));
  });
}
