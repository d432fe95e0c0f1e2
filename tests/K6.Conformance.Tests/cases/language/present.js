// What it has.
export default function () {
  for (const name of ['Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'Proxy', 'Reflect', 'Promise', 'BigInt', 'Uint8Array', 'DataView', 'ArrayBuffer', 'JSON', 'Math', 'RegExp', 'Date', 'globalThis', 'crypto', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'console', 'require', 'open', '__ENV', '__VU', '__ITER', 'TextDecoder', 'TextEncoder', 'encodeURIComponent', 'escape', 'eval', 'Function', 'ReadableStream']) { let t; try { t = eval(`typeof ${name}`); } catch (e) { t = e.name; } console.log(name, t); }
}
