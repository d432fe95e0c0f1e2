// What k6's JavaScript lacks is absent here too.
export default function () {
  for (const name of ['URL', 'URLSearchParams', 'fetch', 'structuredClone', 'WeakRef', 'FinalizationRegistry', 'Intl', 'Buffer', 'process', 'window', 'TextEncoder', 'btoa', 'atob', 'queueMicrotask', 'SharedArrayBuffer', 'Atomics', 'global', 'self', 'performance', 'AbortController', 'Headers', 'Blob', 'EventTarget']) { console.log(name, typeof globalThis[name]); }
}
