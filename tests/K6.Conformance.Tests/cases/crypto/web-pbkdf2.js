// PBKDF2: bits and keys from a password.
import { fill, key, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const k = await show('import', () => subtle.importKey('raw', fill(6, 66), 'PBKDF2', false, ['deriveBits', 'deriveKey']));
  const P = { name: 'PBKDF2', hash: 'SHA-256', salt: fill(8, 9), iterations: 10 };
  for (const length of [8, 128, 256, 512, 0, 12, null]) await show(`${length} bits`, () => subtle.deriveBits(P, k, length));
  for (const hash of ['SHA-1', 'SHA-384', 'SHA-512', 'MD5', { name: 'SHA-256' }]) await show(JSON.stringify(hash), () => subtle.deriveBits({ ...P, hash }, k, 128));
  await show('salt as text', () => subtle.deriveBits({ ...P, salt: 'x' }, k, 128));
  await show('iterations 0', () => subtle.deriveBits({ ...P, iterations: 0 }, k, 128));
  for (const missing of ['hash', 'salt', 'iterations']) await show(`without ${missing}`, () => subtle.deriveBits({ ...P, [missing]: undefined }, k, 128));
  await show('no key', () => subtle.deriveBits(P, {}, 128));
  for (const [name, length] of [['AES-GCM', 256], ['AES-CBC', 128], ['AES-CTR', 192]]) {
    const derived = await show(name, () => subtle.deriveKey(P, k, { name, length }, true, ['encrypt']));
    await show('raw', () => subtle.exportKey('raw', derived));
  }
  for (const derived of [{ name: 'HMAC', hash: 'SHA-1' }, { name: 'ECDH', namedCurve: 'P-256' }, 'PBKDF2', 'FOO', { name: 'AES-CBC' }, { name: 'AES-CBC', length: 100 }]) await show(JSON.stringify(derived), () => subtle.deriveKey(P, k, derived, true, ['encrypt']));
  await show('usage', () => subtle.deriveKey(P, k, { name: 'AES-CBC', length: 128 }, true, ['sign']));
  await show('without usage', () => subtle.deriveKey(P, k, { name: 'AES-CBC', length: 128 }, true, []));
  await show('bits refused', async () => subtle.deriveBits(P, await subtle.importKey('raw', fill(6), 'PBKDF2', false, ['deriveKey']), 128));
  await show('key refused', async () => subtle.deriveKey(P, await subtle.importKey('raw', fill(6), 'PBKDF2', false, ['deriveBits']), { name: 'AES-CBC', length: 128 }, true, ['encrypt']));
  await show('extractable', () => subtle.importKey('raw', fill(6), 'PBKDF2', true, ['deriveBits']));
  await show('jwk', () => subtle.importKey('jwk', { kty: 'oct', k: 'AAAA' }, 'PBKDF2', false, ['deriveBits']));
  await show('export', () => subtle.exportKey('raw', k));
}
