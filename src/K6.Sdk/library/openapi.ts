import encoding from 'k6/encoding';
import type { FileData } from 'k6/http';
import { ApiClient, type RequestOptions, type Value } from './client.ts';
import { status, type Answer, type Expectation, type Statuses } from './expectations.ts';
import { fitsByStatus, type Schema } from './schema.ts';

/** How requests are authenticated; its variable of the environment holds the token, the key, or `user:password`. */
export interface SecurityScheme {
  readonly kind: 'bearer' | 'basic' | 'header' | 'query' | 'cookie';
  readonly key?: string;
  readonly variable: string;
}

/** An operation of a document, as the generated client describes it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** Name, place, style and, where it differs, argument of each parameter; parameters of the path that are called like their argument are not here. */
  readonly parameters?: readonly (readonly [name: string, place: string, style: string, argument?: string])[];
  readonly body?: readonly [kind: string, contentType: string];
  readonly statuses?: readonly Statuses[];
  readonly binary?: boolean;
  readonly security?: readonly (readonly string[])[];
  readonly schemas?: Readonly<Record<string, () => Schema>>;
}

/** What a call may say beside its arguments. */
export interface CallOptions {
  /** The statuses that are right for this call, instead of the documented ones. */
  status?: Statuses | readonly Statuses[];
  /** What the answer has to be besides; each is a check. */
  expect?: readonly Expectation[];
  /** Credentials of this call, by the name of their scheme; `false` for none. */
  security?: Readonly<Record<string, string>> | false;
  headers?: Record<string, string>;
  tags?: Record<string, string>;
  /** Longest wait for the answer, such as `10s`; k6's own is 60s. */
  timeout?: string | number;
}

/** What came of a call. */
export class ApiResult<T> {
  /** The response of k6/http. */
  readonly answer: Answer;
  readonly #name: string;
  readonly #binary: boolean;
  readonly #statuses: readonly Statuses[];

  constructor(name: string, answer: Answer, statuses: readonly Statuses[], binary: boolean) {
    this.#name = name;
    this.answer = answer;
    this.#statuses = statuses;
    this.#binary = binary;
  }

  get status(): number {
    return this.answer.status;
  }

  /** Whether the status is one that was expected. */
  get ok(): boolean {
    return status(...this.#statuses).holds(this.answer);
  }

  /** The body: JSON as the value that it stands for, anything else as it is. */
  get data(): T {
    const { body, headers } = this.answer;
    if (this.#binary || body === null || body === '') {
      return (body || undefined) as T;
    }
    const isJson = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type' && /[/+]json\b/i.test(headers[name]!));
    if (!isJson) {
      return body as T;
    }
    try {
      return this.answer.json() as T;
    } catch {
      throw new Error(`${this.#name}: the answer says that it is JSON, and its body is none: ${String(body).slice(0, 100)}`);
    }
  }
}

/** Calls the operations of an OpenAPI document; the build generates a function for each. */
export class OpenApiClient {
  /** Headers of every request. */
  readonly headers: Record<string, string> = {};
  /** Tags of every request. */
  readonly tags: Record<string, string> = {};
  /** Where paths start; by default the address of the service in the environment, with the base path of the document. */
  baseUrl: string | undefined;
  readonly #options: OpenApiClientOptions;
  readonly #credentials: Record<string, string> = {};
  readonly #expectations = new Map<Operation, readonly Expectation[]>();

  constructor(options: OpenApiClientOptions) {
    this.#options = options;
  }

  /** Sets the token, key or `user:password` of security schemes, for all later calls of this virtual user. */
  authorize(credentials: Readonly<Record<string, string>>): void {
    for (const name of Object.keys(credentials)) {
      if (!this.#options.security?.[name]) {
        throw new Error(`${this.#options.name} has no security scheme '${name}'; there is: ${Object.keys(this.#options.security ?? {}).join(', ') || 'none'}`);
      }
    }
    Object.assign(this.#credentials, credentials);
  }

  /**
   * Calls an operation.
   * @param operation The operation.
   * @param args Its arguments.
   * @param options What else to say.
   */
  call<T>(operation: Operation, args: object, options: CallOptions = {}): ApiResult<T> {
    const values = args as Readonly<Record<string, any>>;
    const name = `${operation.method} ${operation.path.replace(/,/g, '_')}`;
    const request: Required<Pick<RequestOptions, 'path' | 'query' | 'headers'>> & RequestOptions = {
      name, path: {}, query: {}, headers: { Accept: 'application/json', ...this.headers }, tags: { ...this.tags, ...options.tags },
    };
    this.#parameters(operation, values, request);
    if (operation.body && values['body'] !== undefined) {
      body(operation.body, values['body'], request);
    }
    if (options.security !== false) {
      this.#authenticate(name, operation, options.security, request);
    }
    Object.assign(request.headers, options.headers);
    if (options.timeout !== undefined) {
      request.timeout = options.timeout;
    }
    if (operation.binary) {
      request.responseType = 'binary';
    }
    const own = options.status === undefined ? undefined : [options.status].flat() as Statuses[];
    const statuses = own ?? operation.statuses ?? [{ min: 200, max: 399 }];
    if (statuses.every((one) => typeof one === 'number' && one >= 300 && one < 400)) {
      request.redirects = 0;
    }
    request.expect = own || options.expect ? [...expectations(operation, statuses), ...(options.expect ?? [])] : this.#expected(operation, statuses);
    const api = new ApiClient({ baseUrl: this.address });
    const answer = api.request(operation.method, operation.path, request);
    return new ApiResult<T>(name, answer, statuses, operation.binary === true);
  }

  #expected(operation: Operation, statuses: readonly Statuses[]): readonly Expectation[] {
    let list = this.#expectations.get(operation);
    if (!list) {
      list = expectations(operation, statuses);
      this.#expectations.set(operation, list);
    }
    return list;
  }

  /** Where paths start. */
  get address(): string {
    const { name, variable, server, basePath = '' } = this.#options;
    if (this.baseUrl !== undefined) {
      return this.baseUrl;
    }
    const address = __ENV[variable] || server;
    if (!address) {
      throw new Error(`Nothing says where ${name} is: declare a K6Service, set ${variable}, or set client.baseUrl`);
    }
    const start = address.replace(/\/$/, '');
    return start.endsWith(basePath) ? start : start + basePath;
  }

  #parameters(operation: Operation, values: Readonly<Record<string, any>>, request: RequestOptions & { path: object; query: object; headers: Record<string, string> }): void {
    for (const match of operation.path.matchAll(/\{([^{}/]+)\}/g)) {
      set(request.path, match[1]!, simple(values[match[1]!]));
    }
    const cookies: string[] = [];
    for (const [name, place, style, argument = name] of operation.parameters ?? []) {
      const value = values[argument];
      if (value === undefined || value === null) {
        continue;
      }
      if (place === 'query') {
        for (const [key, text] of written(name, value, style)) {
          set(request.query, key, text);
        }
      } else if (place === 'header') {
        request.headers[name] = String(simple(value));
      } else if (place === 'cookie') {
        cookies.push(`${name}=${encodeURIComponent(simple(value)!)}`);
      } else {
        set(request.path, name, simple(value));
      }
    }
    if (cookies.length > 0) {
      request.headers['Cookie'] = cookies.join('; ');
    }
  }

  #authenticate(name: string, operation: Operation, given: Readonly<Record<string, string>> | undefined, request: { query: object; headers: Record<string, string> }): void {
    const schemes = this.#options.security ?? {};
    const credential = (scheme: string): string | undefined => given?.[scheme] ?? this.#credentials[scheme] ?? (__ENV[schemes[scheme]!.variable] || undefined);
    const alternatives = operation.security ?? [];
    const first = (has: (scheme: string) => boolean) => alternatives.find((one) => one.length > 0 && one.every(has));
    const chosen = (given && first((scheme) => given[scheme] !== undefined)) ?? first((scheme) => credential(scheme) !== undefined) ?? alternatives.find((one) => one.length === 0);
    if (!chosen && alternatives.length > 0) {
      const wanted = alternatives.map((one) => one.map((scheme) => `${scheme} (variable ${schemes[scheme]!.variable})`).join(' and ')).join(', or ');
      throw new Error(`${name} needs credentials: ${wanted}. Set the variable, call client.authorize, or say security: false`);
    }
    for (const scheme of chosen ?? []) {
      const { kind, key = '' } = schemes[scheme]!;
      const value = credential(scheme)!;
      switch (kind) {
        case 'bearer':
          request.headers['Authorization'] = `Bearer ${value}`;
          break;
        case 'basic':
          request.headers['Authorization'] = `Basic ${encoding.b64encode(value)}`;
          break;
        case 'header':
          request.headers[key] = value;
          break;
        case 'query':
          set(request.query, key, value);
          break;
        case 'cookie':
          request.headers['Cookie'] = [request.headers['Cookie'], `${key}=${value}`].filter(Boolean).join('; ');
          break;
      }
    }
  }
}

/** What a generated client is made with. */
export interface OpenApiClientOptions {
  readonly name: string;
  /** Variable of the environment with the address. */
  readonly variable: string;
  /** Address in the document, for when the variable is not set. */
  readonly server?: string;
  readonly basePath?: string;
  readonly security?: Readonly<Record<string, SecurityScheme>>;
}

function expectations(operation: Operation, statuses: readonly Statuses[]): readonly Expectation[] {
  return operation.schemas ? [status(...statuses), fitsByStatus(operation.schemas)] : [status(...statuses)];
}

/** A credential that a generated script cannot do without. */
export function credential(variable: string, scheme: string): string {
  const value = __ENV[variable];
  if (!value) {
    throw new Error(`${variable} is not set, and the security scheme ${scheme} needs it: declare <K6Secret Include="${variable}" />, or name another variable in Security of the K6OpenApi item`);
  }
  return value;
}

/** `user:password` as basic authentication sends it. */
export function basicCredential(variable: string, scheme: string): string {
  return encoding.b64encode(credential(variable, scheme));
}

function body([kind, contentType]: readonly [string, string], value: any, request: RequestOptions & { headers: Record<string, string> }): void {
  if (kind === 'form' || kind === 'multipart') {
    request.form = fields(value, kind === 'multipart');
    return;
  }
  request.headers['Content-Type'] = contentType;
  request.body = kind === 'json' ? JSON.stringify(value) : value;
}

/** Values of a form: lists and objects as JSON, as OpenAPI has it; undefined is left out. */
function fields(value: Readonly<Record<string, any>>, keepFiles: boolean): Record<string, string | FileData> {
  const form: Record<string, string | FileData> = {};
  for (const [name, one] of Object.entries(value ?? {})) {
    if (one !== undefined && one !== null) {
      form[name] = keepFiles && typeof one === 'object' && 'data' in one && 'filename' in one ? one : typeof one === 'object' ? JSON.stringify(one) : String(one);
    }
  }
  return form;
}

const separators: Readonly<Record<string, string>> = { csv: ',', space: ' ', pipe: '|' };

/** A parameter of the query as names and values, in its style. */
function written(name: string, value: any, style: string): [string, Value | readonly Value[]][] {
  if (style === 'json') {
    return [[name, JSON.stringify(value)]];
  }
  if (Array.isArray(value)) {
    return [[name, style === 'form' || style === 'deep' ? value : value.join(separators[style])]];
  }
  if (typeof value !== 'object') {
    return [[name, value]];
  }
  const members = Object.entries(value).filter(([, one]) => one !== undefined && one !== null) as [string, Value][];
  return style === 'deep' ? members.map(([key, one]) => [`${name}[${key}]`, one])
    : style === 'form' ? members
    : [[name, members.flat().join(separators[style])]];
}

/** A parameter of the path, a header or a cookie (style "simple"). */
function simple(value: any): Value | undefined {
  return value === undefined || value === null ? undefined : Array.isArray(value) ? value.join(',') : typeof value === 'object' ? Object.entries(value).flat().join(',') : value;
}

function set(target: object, name: string, value: unknown): void {
  (target as Record<string, unknown>)[name] = value;
}
