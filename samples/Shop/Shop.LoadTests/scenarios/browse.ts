// People who look around: mostly lists, often a product, now and then a search.

import { check, sleep } from 'k6';
import type { Options } from 'k6/options';
import * as shop from './lib/shop.ts';

export const options: Options = {
  vus: 5,
  duration: '10s',
  thresholds: {
    checks: ['rate>0.99'],
  },
};

/** What a visitor does next, and how often out of 100 times. */
const mix: [weight: number, action: () => void][] = [
  [50, listCategory],
  [35, showProduct],
  [15, searchProducts],
];

const productCount = 200;
const searches = ['lamp', 'oak', 'steel pan', 'garden bench', 'picture frame'] as const;

export default function browse(): void {
  let dice = Math.random() * 100;
  for (const [weight, action] of mix) {
    dice -= weight;
    if (dice < 0) {
      action();
      break;
    }
  }
  sleep(shop.between(0.1, 0.5));
}

function listCategory(): void {
  const category = shop.pick(shop.categories);
  const { response, body } = shop.listProducts(category, shop.pick([1, 1, 1, 2]));
  check(response, {
    'products are listed': (r) => r.status === 200,
    'all are of the category': () => body?.items.every((product) => product.category === category) === true,
  });
}

function showProduct(): void {
  const id = 1 + Math.floor(Math.random() * productCount);
  const { response, body } = shop.getProduct(id);
  check(response, {
    'product is shown': (r) => r.status === 200,
    'it is the right one': () => body?.id === id,
  });
}

function searchProducts(): void {
  const { response, body } = shop.search(shop.pick(searches));
  check(response, {
    'search answers': (r) => r.status === 200,
    'something is found': () => (body?.total ?? 0) > 0,
  });
}
