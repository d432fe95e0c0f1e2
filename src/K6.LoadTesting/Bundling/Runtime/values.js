// Small things that the other modules share.

export const isSet = (value) => value !== undefined && value !== null;
export const union = (first, second) => [...new Set([...first, ...second])];
export const same = (left, right) => stable(left) === stable(right);

function stable(value) {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner);
}

/** Without members that are undefined; undefined when nothing is left. */
export function prune(value) {
  const entries = Object.entries(value).filter(([, member]) => isSet(member));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

export function clone(value) {
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Array.isArray(value)
    ? value.map(clone)
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clone(member)]));
}

/** The engine logs what a timer throws like any exception of the script, with its stack; the summary is written all the same. */
export function throwLater(error) {
  setTimeout(() => {
    throw error;
  }, 0);
}

/** A duration of k6 in milliseconds. */
export function milliseconds(duration) {
  if (typeof duration === "number") {
    return duration;
  }
  const units = { d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1, us: 0.001, "µs": 0.001, ns: 0.000001 };
  let sum = 0;
  for (const [, number, unit] of String(duration).matchAll(/([0-9.]+)(d|h|ms|m|s|us|µs|ns)?/g)) {
    sum += Number(number) * (unit ? units[unit] : 1);
  }
  return sum;
}
