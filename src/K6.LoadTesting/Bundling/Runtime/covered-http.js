// k6/http for scripts of a project with OpenAPI documents: the same, and it notes which operations were called.

import http from "k6/http";
import { touch } from "./coverage.js";

export * from "k6/http";

const noted = (method, address, response) => {
  touch(method, address?.url ?? address, response.status);
  return response;
};
const short = (name, method = name.toUpperCase()) => (address, ...rest) => noted(method, address, http[name](address, ...rest));

export const get = short("get");
export const head = short("head");
export const post = short("post");
export const put = short("put");
export const patch = short("patch");
export const del = short("del", "DELETE");
export const options = short("options");
export const request = (method, address, ...rest) => noted(String(method), address, http.request(method, address, ...rest));
export const asyncRequest = (method, address, ...rest) =>
  http.asyncRequest(method, address, ...rest).then((response) => noted(String(method), address, response));

/** Requests by name or number, each `[method, address, …]`, `{ method, url }` or an address. */
export function batch(requests) {
  const responses = http.batch(requests);
  for (const [key, one] of Object.entries(requests)) {
    const [method, address] = Array.isArray(one) ? one : typeof one === "object" && one !== null && "url" in one && "method" in one ? [one.method, one.url] : ["GET", one];
    noted(String(method), address, responses[key]);
  }
  return responses;
}

export default Object.assign(Object.create(http), { get, head, post, put, patch, del, options, request, asyncRequest, batch });
