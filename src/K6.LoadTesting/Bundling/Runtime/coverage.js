// Which operations of OpenAPI documents the load touched. Each virtual user says so once for each operation, and remembers what addresses are.

import { Counter } from "k6/metrics";

export const METRIC = "openapi_operations";

const counter = new Counter(METRIC);
const said = new Set();
let documents = [];

// What addresses are: most are requested again and again.
const known = new Map();
const MOST_KNOWN = 200;

/**
 * Starts to look.
 * @param list documents: `{ client, variable, server, basePath, operations: ["GET /products/{id}", …] }`
 */
export function cover(list) {
  documents = list.map((document) => ({ ...document, tree: undefined }));
}

/** Submetrics in which the answers are found. */
export const submetrics = (list) =>
  list.flatMap(({ client, operations }) => operations.flatMap((_, index) => [`${METRIC}{operation:${client}.${index}}`, `${METRIC}{operation:${client}.${index}.ok}`]));

/** A request was answered. */
export function touch(method, address, status) {
  const text = String(address);
  const query = text.indexOf("?");
  const key = `${method} ${query < 0 ? text : text.slice(0, query)}`;
  let operations = known.get(key);
  if (operations === undefined) {
    operations = operationsOf(method.toUpperCase(), text);
    if (known.size >= MOST_KNOWN) {
      known.clear();
    }
    known.set(key, operations);
  }
  for (const { touched, succeeded } of operations) {
    say(touched);
    if (status >= 200 && status < 400) {
      say(succeeded);
    }
  }
}

function operationsOf(method, address) {
  const { path, origin } = split(address);
  return documents.flatMap((document) => {
    if (!belongs(document, origin)) {
      return [];
    }
    document.tree ??= plant(document.operations);
    for (const start of starts(document)) {
      const index = path.startsWith(start) ? find(document.tree, [method, ...path.slice(start.length).split("/").slice(1)], 0) : undefined;
      if (index !== undefined) {
        return [{ touched: `${document.client}.${index}`, succeeded: `${document.client}.${index}.ok` }];
      }
    }
    return [];
  });
}

function say(operation) {
  if (!said.has(operation)) {
    said.add(operation);
    counter.add(1, { operation });
  }
}

function split(address) {
  const match = /^([a-z]+:\/\/[^/?#]*)?([^?#]*)/i.exec(address);
  return { origin: (match[1] ?? "").toLowerCase(), path: match[2] || "/" };
}

/** Where nothing says where the application is, any host may be it. */
function belongs(document, origin) {
  document.origins ??= [__ENV[document.variable], document.server].filter(Boolean).map((address) => split(address).origin);
  return document.origins.length === 0 || document.origins.includes(origin);
}

/** What stands before the paths of the document. */
function starts(document) {
  if (document.starts === undefined) {
    const base = document.basePath ?? "";
    const path = split(__ENV[document.variable] ?? "").path.replace(/\/$/, "");
    document.starts = [...new Set([path.endsWith(base) ? path : path + base, path, base, ""])];
  }
  return document.starts;
}

// A tree of parts of paths. Written parts come before placeholders, as in every router.
function plant(operations) {
  const root = { written: new Map(), patterns: [] };
  operations.forEach((operation, index) => {
    const space = operation.indexOf(" ");
    let node = root;
    for (const part of [operation.slice(0, space), ...operation.slice(space + 1).split("/").slice(1)]) {
      node = branch(node, part);
    }
    node.index ??= index;
  });
  return root;
}

function branch(node, part) {
  if (!part.includes("{")) {
    if (!node.written.has(part)) {
      node.written.set(part, { written: new Map(), patterns: [] });
    }
    return node.written.get(part);
  }
  const source = part.split(/\{[^{}]*\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+)");
  let known = node.patterns.find((pattern) => pattern.source === source);
  if (!known) {
    known = { source, pattern: new RegExp(`^${source}$`), node: { written: new Map(), patterns: [] } };
    // What says more comes first: {id}.json before {id}.
    node.patterns.push(known);
    node.patterns.sort((a, b) => b.source.length - a.source.length);
  }
  return known.node;
}

function find(node, parts, at) {
  if (at === parts.length) {
    return node.index;
  }
  const exact = node.written.get(parts[at]);
  const found = exact && find(exact, parts, at + 1);
  if (found !== undefined) {
    return found;
  }
  for (const { pattern, node: next } of node.patterns) {
    if (pattern.test(parts[at])) {
      const index = find(next, parts, at + 1);
      if (index !== undefined) {
        return index;
      }
    }
  }
  return undefined;
}
