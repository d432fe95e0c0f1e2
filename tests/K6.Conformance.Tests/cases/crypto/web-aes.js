// AES in its three modes, with keys of every length.
import { fill, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const data = fill(20, 65);
  for (const size of [16, 24, 32]) {
    for (const [name, parameters] of [['AES-CBC', { iv: fill(16, 1) }], ['AES-CTR', { counter: fill(16, 255), length: 64 }], ['AES-GCM', { iv: fill(12, 2) }], ['AES-GCM', { iv: fill(12, 2).buffer, additionalData: fill(3, 9), tagLength: 96 }]]) {
      const k = await subtle.importKey('raw', fill(size, 7), name, true, ['encrypt', 'decrypt']);
      const secret = await show(`${name} ${size}`, () => subtle.encrypt({ name, ...parameters }, k, data));
      await show('back', () => subtle.decrypt({ name, ...parameters }, k, secret));
    }
  }
  const ctr = await subtle.importKey('raw', fill(16, 7), { name: 'aes-ctr' }, true, ['encrypt']);
  for (const length of [1, 64, 128]) await show(`counter of ${length}`, () => subtle.encrypt({ name: 'AES-CTR', counter: fill(16, 255), length }, ctr, fill(40)));
  // The whole buffer counts, not the view's part of it.
  await show('view', () => subtle.encrypt({ name: 'AES-CTR', counter: fill(16), length: 64 }, ctr, fill(8, 65).subarray(4)));
  await show('empty', () => subtle.encrypt({ name: 'AES-CTR', counter: fill(16), length: 64 }, ctr, fill(0)));
}
