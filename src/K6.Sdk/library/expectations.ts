import { check } from 'k6';
import http from 'k6/http';
import type { RefinedResponse, ResponseType } from 'k6/http';
import { milliseconds, type Duration } from './durations.ts';

/** A response of k6/http. */
export type Answer = RefinedResponse<ResponseType | undefined>;

/** What an answer has to be. */
export interface Expectation {
  /** What it says, without the name of the request: `status is 200`. */
  readonly text: string;
  /** The statuses that it allows: others count as failed requests. */
  readonly statuses?: readonly Statuses[];
  /** Whether an answer is so, of a request with these values. */
  holds(answer: Answer, values?: Values): boolean;
}

/** A place in an answer, where a value may be. */
export interface Place {
  /** How it is called: `$.token`, `header Location`. */
  readonly text: string;
  /** The value; undefined when there is none. */
  read(answer: Answer): unknown;
}

/** What a value has to be. */
export interface Condition {
  /** Such as `> 0`. */
  readonly text: string;
  holds(value: unknown, values: Values): boolean;
}

/** Values that a request was made with, by name. */
export type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A text that is filled with the values of each request; see `given`. */
export interface Given {
  readonly template: string;
}

/** A status, or all from one to another. */
export type Statuses = number | { readonly min: number; readonly max: number };

/** The status is one of these: `status(200)`, `status({ min: 200, max: 299 }, 404)`. Then only these count as success in `http_req_failed`. */
export function status(...statuses: readonly Statuses[]): Expectation {
  const words = statuses.map((one) => (typeof one === 'number' ? String(one)
    : one.min % 100 === 0 && one.max === one.min + 99 ? `${one.min / 100}xx` : `${one.min} to ${one.max}`));
  return {
    text: `status is ${words.join(' or ')}`,
    statuses,
    holds: (answer) => statuses.some((one) => (typeof one === 'number' ? answer.status === one : answer.status >= one.min && answer.status <= one.max)),
  };
}

/** The answer is complete within a time. */
export function within(duration: Duration): Expectation {
  const limit = milliseconds(duration);
  return { text: `duration < ${duration}`, holds: (answer) => answer.timings.duration < limit };
}

/** A header of the answer, whatever its case. */
export function header(name: string, condition: Condition = exists): Expectation & Place {
  const wanted = name.toLowerCase();
  return place(`header ${name}`, condition, (answer) => {
    for (const key in answer.headers) {
      if (key.toLowerCase() === wanted) {
        return answer.headers[key];
      }
    }
    return undefined;
  });
}

/** The body as text. */
export function body(condition: Condition = exists): Expectation & Place {
  return place('body', condition, (answer) => (typeof answer.body === 'string' ? answer.body : undefined));
}

/**
 * A value in a JSON body.
 * @param path Where: `$.items[0].id`, `$.items.length`, `$['a key']`.
 * @param condition What it has to be; without one it has to be there.
 */
export function json(path: string, condition: Condition = exists): Expectation & Place {
  const keys = keysOf(path);
  return place(path, condition, (answer) => {
    let value: any;
    try {
      value = answer.json();
    } catch {
      return undefined; // no JSON
    }
    for (const key of keys) {
      value = value?.[key];
    }
    return value;
  });
}

/**
 * A value in a text of JSON; objects as JSON.
 * @param text The text.
 * @param path Where: `$.items[0].id`.
 */
export function valueAt(text: string, path: string): string {
  const value = keysOf(path).reduce((inner: any, key) => inner?.[key], JSON.parse(text));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function place(text: string, condition: Condition, read: (answer: Answer) => unknown): Expectation & Place {
  return { text: `${text} ${condition.text}`.replace(' exists', condition === exists ? '' : ' exists'), read, holds: (answer, values = {}) => condition.holds(read(answer), values) };
}

function keysOf(path: string): string[] {
  const keys: string[] = [];
  const rest = path.replace(/^\$/, '').replace(/\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/gy, (_, ...found) => {
    keys.push(found.slice(0, 4).find((key) => key !== undefined && key !== ''));
    return '';
  });
  if (rest !== '' || !path.startsWith('$')) {
    throw new Error(`'${path}' is not a path such as $.items[0].id`);
  }
  return keys;
}

/** The value is there, and not null. */
export const exists: Condition = { text: 'exists', holds: (value) => value !== undefined && value !== null };

/**
 * What is expected depends on the request: `json('$.id', equals(given('{id}')))` and `api.get('/products/{id}', { path: { id }, values: { id }, expect })`.
 * Checks are called after the text as it is here, so that there is one and not one for each value. Values are compared as texts, since those of test
 * data, of the environment and of addresses are texts.
 * @param template A text with `{name}` in it.
 */
export function given(template: string): Given {
  return { template };
}

/** The value is this one. */
export function equals(expected: string | number | boolean | null | Given): Condition {
  return { text: `== ${shown(expected)}`, holds: (value, values) => same(value, expected, values) };
}

/** The value is another one. */
export function differs(other: string | number | boolean | null | Given): Condition {
  return { text: `!= ${shown(other)}`, holds: (value, values) => !same(value, other, values) };
}

/** A text contains this one, a list has this member. */
export function contains(part: string | Given): Condition {
  return {
    text: `contains ${typeof part === 'string' ? part : part.template}`,
    holds: (value, values) => {
      const text = typeof part === 'string' ? part : filled(part, values);
      return Array.isArray(value) ? value.some((one) => String(one) === text) : value !== undefined && value !== null && String(value).includes(text);
    },
  };
}

function shown(expected: string | number | boolean | null | Given): string {
  return typeof expected === 'object' && expected !== null ? expected.template : JSON.stringify(expected);
}

function same(value: unknown, expected: string | number | boolean | null | Given, values: Values): boolean {
  return typeof expected === 'object' && expected !== null
    ? value !== undefined && value !== null && typeof value !== 'object' && String(value) === filled(expected, values)
    : value === expected;
}

function filled({ template }: Given, values: Values): string {
  return template.replace(/\{([^{}]+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** A text matches. */
export function matches(pattern: RegExp): Condition {
  return { text: `matches ${pattern}`, holds: (value) => value !== undefined && value !== null && pattern.test(String(value)) };
}

/** A number is more. */
export const above = (limit: number | Given): Condition => number('>', limit, (value, other) => value > other);

/** A number is as much or more. */
export const atLeast = (limit: number | Given): Condition => number('>=', limit, (value, other) => value >= other);

/** A number is less. */
export const below = (limit: number | Given): Condition => number('<', limit, (value, other) => value < other);

/** A number is as much or less. */
export const atMost = (limit: number | Given): Condition => number('<=', limit, (value, other) => value <= other);

function number(operator: string, limit: number | Given, holds: (value: number, limit: number) => boolean): Condition {
  return {
    text: `${operator} ${typeof limit === 'number' ? limit : limit.template}`,
    holds: (value, values) => typeof value === 'number' && holds(value, typeof limit === 'number' ? limit : Number(filled(limit, values))),
  };
}

/**
 * Checks an answer; each expectation is a check that is called after the request and what it says: `GET /products: status is 200`.
 * @returns Whether all hold.
 */
export function expect(answer: Answer, name: string, ...expectations: readonly Expectation[]): boolean {
  return verify(answer, prepare(name, expectations));
}

/** Expectations, ready for many answers. */
export interface Prepared {
  readonly name: string;
  readonly checks: Record<string, (answer: Answer) => boolean>;
  readonly callback: ReturnType<typeof http.expectedStatuses> | undefined;
  /** Those of the request whose answer is looked at now. */
  values: Values;
}

const prepared = new WeakMap<readonly Expectation[], Prepared>();

/** Prepares expectations; a list that comes again is prepared already. */
export function prepare(name: string, expectations: readonly Expectation[]): Prepared {
  let ready = prepared.get(expectations);
  if (ready?.name !== name) {
    const statuses = expectations.flatMap((one) => one.statuses ?? []);
    const made: Prepared = {
      name,
      checks: Object.fromEntries(expectations.map((one) => [`${name}: ${one.text}`, (answer: Answer) => one.holds(answer, made.values)])),
      callback: statuses.length > 0 ? http.expectedStatuses(...statuses) : undefined,
      values: {},
    };
    ready = made;
    prepared.set(expectations, ready);
  }
  return ready;
}

/** Checks an answer. */
export function verify(answer: Answer, ready: Prepared, values: Values = {}): boolean {
  ready.values = values;
  return check(answer, ready.checks);
}
