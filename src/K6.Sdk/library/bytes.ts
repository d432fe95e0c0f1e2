/**
 * Bytes of texts, in UTF-8, and of files behind each other: a body of several parts.
 * @param parts Texts, and what `open(path, 'b')` gave.
 */
export function bytes(...parts: readonly (string | ArrayBuffer)[]): ArrayBuffer {
  const arrays = parts.map((part) => (typeof part === 'string' ? utf8(part) : new Uint8Array(part)));
  const all = new Uint8Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all.buffer;
}

// TextEncoder came with k6 2.2.
function utf8(text: string): Uint8Array {
  const encoded = encodeURIComponent(text);
  const array = new Uint8Array(encoded.length);
  let length = 0;
  for (let i = 0; i < encoded.length; i++) {
    if (encoded[i] === '%') {
      array[length++] = parseInt(encoded.slice(i + 1, i + 3), 16);
      i += 2;
    } else {
      array[length++] = encoded.charCodeAt(i);
    }
  }
  return array.subarray(0, length);
}
