// What scripts import as k6/http with K6TraceContext: each request gets a trace of its own, in the header traceparent
// (https://www.w3.org/TR/trace-context/) and in the metadata of its samples, so that a slow one can be found in both.

import http from "k6/http";
import exec from "k6/execution";

export * from "k6/http";

const HEADER = "traceparent";
const METADATUM = "trace_id"; // read by SlowestRequests.cs

let requests = 0;

const hex = (number, digits) => number.toString(16).padStart(digits, "0").slice(-digits);
const random = (digits) => hex(Math.floor(Math.random() * 16 ** digits), digits);

/** Unique by second, virtual user and request; the right half is random, which samplers rely on. */
function newTrace() {
  requests += 1;
  return hex(Math.floor(Date.now() / 1000), 8) + hex(__VU, 5) + hex(requests, 5) + random(7) + random(7);
}

/** The trace of a request, and its parameters with the header. A header that the script sets itself stays. */
function trace(params, id = newTrace()) {
  const headers = params?.headers ?? {};
  const own = Object.keys(headers).find((name) => name.toLowerCase() === HEADER);
  return own
    ? { id: String(headers[own]).split("-")[1] ?? id, params }
    : { id, params: { ...params, headers: { ...headers, [HEADER]: `00-${id}-${random(8)}${random(8)}-01` } } };
}

/** The engine takes a sample's metadata from the moment at which the request is handed over. */
function under(id, call) {
  const { metadata } = exec.vu.metrics;
  metadata[METADATUM] = id;
  try {
    return call();
  } finally {
    delete metadata[METADATUM];
  }
}

const traced = (call, at) => function (...args) {
  const { id, params } = trace(args[at]);
  while (args.length < at) {
    args.push(null);
  }
  args[at] = params;
  return under(id, () => call(...args));
};

export const get = traced(http.get, 1);
export const head = traced(http.head, 1);
export const post = traced(http.post, 2);
export const put = traced(http.put, 2);
export const patch = traced(http.patch, 2);
export const del = traced(http.del, 2);
export const options = traced(http.options, 2);
export const request = traced(http.request, 3);
export const asyncRequest = traced(http.asyncRequest, 3);

/** The requests of a batch are spans of one trace. */
export function batch(requests, ...rest) {
  const id = newTrace();
  const one = (entry) => {
    if (Array.isArray(entry)) {
      const [method, url, body = null, params] = entry;
      return [method, url, body, trace(params, id).params];
    }
    // A text, or what http.url made of one.
    if (typeof entry !== "object" || entry === null || "clean_url" in entry) {
      return ["GET", entry, null, trace(undefined, id).params];
    }
    return { ...entry, params: trace(entry.params, id).params };
  };
  const all = Array.isArray(requests)
    ? requests.map(one)
    : Object.fromEntries(Object.entries(requests ?? {}).map(([name, entry]) => [name, one(entry)]));
  return under(id, () => http.batch(all, ...rest));
}

export default { ...http, get, head, post, put, patch, del, options, request, asyncRequest, batch };
