// Which operations of OpenAPI documents the load touched. Each virtual user says so once for each operation, so that it costs next to nothing.

import { Counter } from "k6/metrics";

export const METRIC = "openapi_operations";

const counter = new Counter(METRIC);
const said = new Set();
let documents = [];

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
  const { path, origin } = split(String(address));
  for (const document of documents) {
    if (!belongs(document, origin)) {
      continue;
    }
    document.tree ??= plant(document.operations);
    for (const start of starts(document)) {
      const index = path.startsWith(start) ? find(document.tree, [method.toUpperCase(), ...path.slice(start.length).split("/").slice(1)], 0) : undefined;
      if (index !== undefined) {
        say(`${document.client}.${index}`);
        if (status >= 200 && status < 400) {
          say(`${document.client}.${index}.ok`);
        }
        break;
      }
    }
  }
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
  const own = [__ENV[document.variable], document.server].filter(Boolean).map((address) => split(address).origin);
  return own.length === 0 || own.includes(origin);
}

/** What stands before the paths of the document. */
function starts(document) {
  const base = document.basePath ?? "";
  const path = split(__ENV[document.variable] ?? "").path.replace(/\/$/, "");
  return [...new Set([path.endsWith(base) ? path : path + base, path, base, ""])].filter((start) => start !== undefined);
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
