// A customer from login to order: the way that earns the money.

import { check, group, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import * as shop from './lib/shop.ts';

export const options: Options = {
  vus: 5,
  duration: '10s',
  thresholds: {
    checks: ['rate>0.99'],
    checkout_duration: ['p(95)<500'],
  },
};

const checkoutDuration = new Trend('checkout_duration', true);
const orders = new Counter('orders');

export default function journey(): void {
  const token = group('login', login);
  think();
  if (token === undefined) {
    return;
  }

  const product = group('browse', browse);
  think();
  if (product === undefined) {
    return;
  }

  const filled = group('basket', () => fillBasket(token, product));
  think();
  if (filled) {
    group('checkout', () => buy(token, product));
  }
}

function login(): string | undefined {
  const { response, body } = shop.login(shop.pick(shop.users));
  check(response, { 'logged in': (r) => r.status === 200 });
  return body?.token;
}

function browse(): shop.Product | undefined {
  const list = shop.listProducts(shop.pick(shop.categories));
  check(list.response, { 'products are listed': (r) => r.status === 200 });
  const [first, ...others] = list.body?.items ?? [];
  if (first === undefined) {
    return undefined;
  }
  think();

  const { id } = shop.pick([first, ...others]);
  const { response, body } = shop.getProduct(id);
  check(response, { 'product is shown': () => body?.id === id });
  return body;
}

function fillBasket(token: string, product: shop.Product): boolean {
  const { response } = shop.addToBasket(token, product.id, 2);
  check(response, { 'product is added': (r) => r.status === 200 });

  const { body: basket } = shop.getBasket(token);
  return check(basket, { 'basket holds the product': (b) => b?.items[0]?.productId === product.id });
}

function buy(token: string, product: shop.Product): void {
  const { response, body: order } = shop.checkout(token);
  checkoutDuration.add(response.timings.duration);
  check(response, {
    'order is placed': (r) => r.status === 201,
    'order costs what the product does': () => order?.total === 2 * product.price,
  });
  if (order === undefined) {
    return;
  }
  orders.add(1);

  const { body: stored } = shop.getOrder(token, order.id);
  check(stored, { 'order can be looked up': (o) => o?.id === order.id });
}

function think(): void {
  sleep(shop.between(0.2, 0.6));
}
