// The shop as the scenarios see it: one function per request, with the types of its API.

import http from 'k6/http';
import type { RefinedResponse, ResponseType } from 'k6/http';

/** Where the shop is. A load test that starts the shop itself hands its address over in BASE_URL. */
export const baseUrl = __ENV.BASE_URL || 'http://localhost:5000';

export const users = ['alice', 'bob', 'carol', 'dave', 'erin'] as const;
export type User = (typeof users)[number];

export const categories = ['bath', 'bedroom', 'garden', 'kitchen', 'lighting', 'living', 'office', 'toys'] as const;
export type Category = (typeof categories)[number];

export interface Product {
  id: number;
  name: string;
  category: Category;
  /** In euro. */
  price: number;
  description: string;
}

export interface ProductPage {
  items: Product[];
  page: number;
  size: number;
  /** How many products there are on all pages. */
  total: number;
}

export interface BasketItem {
  productId: number;
  name: string;
  quantity: number;
  unitPrice: number;
  total: number;
}

export interface Basket {
  items: BasketItem[];
  total: number;
}

export interface Order extends Basket {
  id: number;
  user: User;
}

/** What the shop answered. */
export interface Answer<T> {
  response: RefinedResponse<ResponseType | undefined>;
  /** The parsed body, or undefined when the request failed: an error has another body, a broken connection none. */
  body: T | undefined;
}

/** The products of a category, 20 to a page. */
export function listProducts(category: Category, page = 1): Answer<ProductPage> {
  return get('GET /products', `/products?category=${category}&page=${page}`);
}

export function getProduct(id: number): Answer<Product> {
  return get('GET /products/{id}', `/products/${id}`);
}

/** The products whose name or category contains all the words. */
export function search(words: string): Answer<ProductPage> {
  return get('GET /search', `/search?q=${encodeURIComponent(words)}`);
}

/** Logs in with the shop's demo password; the token opens basket, checkout and orders. */
export function login(user: User): Answer<{ token: string }> {
  return post('POST /login', '/login', { user, password: 'k6-demo' });
}

export function getBasket(token: string): Answer<Basket> {
  return get('GET /basket', '/basket', token);
}

export function addToBasket(token: string, productId: number, quantity: number): Answer<Basket> {
  return post('POST /basket/items', '/basket/items', { productId, quantity }, token);
}

export function checkout(token: string): Answer<Order> {
  return post('POST /checkout', '/checkout', null, token);
}

export function getOrder(token: string, id: number): Answer<Order> {
  return get('GET /orders/{id}', `/orders/${id}`, token);
}

/** One of the values, each as likely as the others. */
export function pick<T>(values: readonly [T, ...T[]]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}

/** A number between the two, to think for so many seconds: people do not click in step. */
export function between(min: number, max: number): number {
  return min + Math.random() * (max - min);
}

// The `name` tag is the request's template. Without it every product would be a URL of its own in the results.

function get<T>(name: string, path: string, token?: string): Answer<T> {
  return toAnswer(http.get(baseUrl + path, { tags: { name }, headers: authorization(token) }));
}

function post<T>(name: string, path: string, body: object | null, token?: string): Answer<T> {
  const headers = { ...authorization(token), 'Content-Type': 'application/json' };
  return toAnswer(http.post(baseUrl + path, body && JSON.stringify(body), { tags: { name }, headers }));
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

function toAnswer<T>(response: RefinedResponse<ResponseType | undefined>): Answer<T> {
  const succeeded = response.status >= 200 && response.status < 300;
  return { response, body: succeeded ? (response.json() as T) : undefined };
}
