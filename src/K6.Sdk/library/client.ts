import http from 'k6/http';
import type { FileData, Params, RequestBody, ResponseType } from 'k6/http';
import { prepare, verify, type Answer, type Expectation, type Values } from './expectations.ts';

/** A value that can be part of an address. */
export type Value = string | number | boolean;

/** What a client is made with. */
export interface ClientOptions {
  /** Where paths start, such as `http://localhost:5000`; scripts find that of the project's service in `__ENV.BASE_URL`. */
  baseUrl?: string | undefined;
  /** Headers of each request. */
  headers?: Record<string, string>;
  /** Tags of each request. */
  tags?: Record<string, string>;
}

/** What a request is made of, beside method and address. */
export interface RequestOptions {
  /** Name in results: by default method and address, as they are before values are put in. Each different name is a row of its own. */
  name?: string;
  /** Values of `{name}` in the address. */
  path?: Record<string, Value | null | undefined>;
  /** The query; names and values are encoded, what is null or undefined is left out, of a list each member is a pair. */
  query?: Record<string, Value | readonly Value[] | null | undefined>;
  headers?: Record<string, string>;
  /** A text is sent as it is, so are bytes; any other object as JSON. */
  body?: RequestBody | object | null;
  /** Instead of a body, the fields of a form: `application/x-www-form-urlencoded`, with a file of `http.file` among them `multipart/form-data`. */
  form?: Record<string, string | FileData>;
  /** Whether the body of the answer is text, `binary`, or `none`, thrown away. */
  responseType?: ResponseType;
  /** What the answer has to be; each is a check. */
  expect?: readonly Expectation[];
  /** Values of `{name}` in what is expected; see `given`. */
  values?: Values;
  tags?: Record<string, string>;
  /** Longest wait for the answer, such as `10s`; k6's own is 60s. */
  timeout?: string | number;
  /** How many redirects are followed; k6's own are 10. */
  redirects?: number;
  /** `false` sends and keeps no cookies. */
  cookies?: boolean;
}

/**
 * Makes requests that are measured by what they are called before values are put in: `GET /products/{id}` is one row, however many products
 * there are. A base class of API clients.
 */
export class ApiClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions = {}) {
    this.#options = options;
  }

  get(address: string, options?: RequestOptions): Answer {
    return this.request('GET', address, options);
  }

  head(address: string, options?: RequestOptions): Answer {
    return this.request('HEAD', address, options);
  }

  post(address: string, options?: RequestOptions): Answer {
    return this.request('POST', address, options);
  }

  put(address: string, options?: RequestOptions): Answer {
    return this.request('PUT', address, options);
  }

  patch(address: string, options?: RequestOptions): Answer {
    return this.request('PATCH', address, options);
  }

  delete(address: string, options?: RequestOptions): Answer {
    return this.request('DELETE', address, options);
  }

  /**
   * Makes a request.
   * @param method The HTTP method.
   * @param address A path, or a whole address; `{id}` stands for `path.id`.
   * @param options What else it is made of.
   */
  request(method: string, address: string, options: RequestOptions = {}): Answer {
    const name = options.name ?? `${method} ${address}`;
    const headers: Record<string, string> = { ...this.#options.headers, ...options.headers };
    const params: Params = { headers, tags: { ...this.#options.tags, ...options.tags, name } };
    const ready = options.expect && prepare(name, options.expect);
    if (ready?.callback) {
      params.responseCallback = ready.callback;
    }
    if (options.timeout !== undefined) {
      params.timeout = options.timeout;
    }
    if (options.redirects !== undefined) {
      params.redirects = options.redirects;
    }
    if (options.responseType !== undefined) {
      params.responseType = options.responseType;
    }
    if (options.cookies === false) {
      params.jar = new http.CookieJar();
    }
    const answer: Answer = http.request(method, this.#address(name, address, options), options.form ?? content(options.body, headers), params);
    if (ready) {
      verify(answer, ready, options.values);
    }
    return answer;
  }

  #address(name: string, address: string, { path, query }: RequestOptions): string {
    let text = path ? fill(name, address, path) : address;
    if (!/^https?:\/\//i.test(text)) {
      const { baseUrl } = this.#options;
      if (!baseUrl) {
        throw new Error(`${name} is a path, and nothing says where paths start: set BASE_URL, declare a K6Service, or write the whole address`);
      }
      text = baseUrl.replace(/\/$/, '') + (text.startsWith('/') || text === '' ? '' : '/') + text;
    }
    let separator = text.includes('?') ? '&' : '?';
    for (const key in query) {
      for (const value of list(query[key])) {
        text += `${separator}${encodeURIComponent(key)}=${encodeURIComponent(value)}`;
        separator = '&';
      }
    }
    return text;
  }
}

/** Puts values into `{name}`; each is encoded. */
function fill(name: string, address: string, values: Record<string, Value | null | undefined>): string {
  return address.replace(/\{([^{}]+)\}/g, (whole, key: string) => {
    if (!(key in values)) {
      return whole;
    }
    const value = values[key];
    if (value === undefined || value === null || value === '') {
      throw new Error(`${name}: the value of {${key}} is ${value === '' ? 'empty' : value}`);
    }
    return encodeURIComponent(value);
  });
}

function list(value: Value | readonly Value[] | null | undefined): readonly Value[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as Value];
}

function content(body: RequestOptions['body'], headers: Record<string, string>): RequestBody | null {
  if (body === undefined || body === null || typeof body === 'string' || body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
    return (body ?? null) as RequestBody | null;
  }
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    headers['Content-Type'] = 'application/json';
  }
  return JSON.stringify(body);
}

/** A value as it stands within quotes in JSON. */
export function jsonText(value: Value): string {
  return JSON.stringify(String(value)).slice(1, -1);
}

/** A variable of the environment that the script cannot do without. */
export function environment(name: string): string {
  const value = __ENV[name];
  if (value === undefined) {
    throw new Error(`the environment variable ${name} is not set; a project declares it with K6EnvironmentVariable or K6Secret`);
  }
  return value;
}
