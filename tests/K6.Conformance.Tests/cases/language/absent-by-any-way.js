// What constructors and prototypes must not have, in whichever way a script reaches them, and that the rest stays as it was.
export default function () {
  const absent = [() => Map.groupBy, () => new Map().getOrInsert, () => new WeakMap().getOrInsert, () => new Set().union, () => Promise.withResolvers, () => (async () => 1)().constructor.try, () => Math.f16round,
    () => JSON.rawJSON, () => Symbol.dispose, () => new Uint8Array(4).toHex, () => Uint8Array.fromHex, () => new Uint8Array(4).buffer.transfer, () => new DataView(new ArrayBuffer(8)).getFloat16,
    () => Object.groupBy, () => [].constructor.fromAsync, () => 'x'.isWellFormed, () => RegExp.$1, () => [].values().map, () => ({}).__defineGetter__];
  console.log(absent.map((get) => String(get())).join(' '));
  console.log(Object.getOwnPropertyDescriptor(globalThis, 'Map').enumerable, Object.keys(globalThis).includes('Set'), 'Symbol' in globalThis, typeof Math, delete globalThis.WeakMap, typeof WeakMap);
  console.log(new Map([[1, 2]]).constructor === Map, (() => { const p = Promise.resolve(1); return p.constructor === Promise; })(), /x/.constructor === RegExp, Symbol.iterator in [], JSON.stringify([new Set([1]).size]), Math.max(1, 2));
}
