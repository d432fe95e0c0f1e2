// Methods that are newer than k6's engine.
export default function () {
  const has = { groupBy: !!Object.groupBy, mapGroupBy: !!Map.groupBy, toSorted: !!Array.prototype.toSorted, at: !!Array.prototype.at, findLast: !!Array.prototype.findLast, with: !!Array.prototype.with, fromAsync: !!Array.fromAsync, isWellFormed: !!String.prototype.isWellFormed, replaceAll: !!String.prototype.replaceAll, union: !!Set.prototype.union, withResolvers: !!Promise.withResolvers, any: !!Promise.any, allSettled: !!Promise.allSettled, hasOwn: !!Object.hasOwn, flat: !!Array.prototype.flat, matchAll: !!String.prototype.matchAll, fromEntries: !!Object.fromEntries };
  for (const [name, value] of Object.entries(has)) { console.log(name, value); }
}
