/** A whole number from 0 to 2^32-1 that looks random and is the same for the same numbers. */
export function hash(...numbers: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const number of numbers) {
    h = Math.imul(h ^ number, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

// A sequence of its own for each virtual user, the same in each run.
let state: number | undefined;

/** A number from 0 up to, not including, 1. Each virtual user has its own sequence, which is the same in each run. */
export function random(): number {
  state = ((state ?? hash(__VU)) + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/** A whole number between the two, both included. */
export function integer(min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** One of the values, each as likely as the others. */
export function oneOf<T>(values: readonly [T, ...T[]]): T {
  return values[integer(0, values.length - 1)] as T;
}

const signs = { letters: 'abcdefghijklmnopqrstuvwxyz', alphanumeric: 'abcdefghijklmnopqrstuvwxyz0123456789_', hexadecimal: '0123456789abcdef' };

/** A text of so many random signs. */
export function randomText(kind: 'letters' | 'alphanumeric' | 'hexadecimal', length: number): string {
  let text = '';
  while (text.length < length) {
    text += signs[kind][integer(0, signs[kind].length - 1)];
  }
  return text;
}
