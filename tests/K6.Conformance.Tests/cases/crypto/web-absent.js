// What k6 has not of the Web Cryptography API.
import { fill, key, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  for (const name of ['wrapKey', 'unwrapKey']) {
    try { subtle[name](); } catch (e) { console.log(name, e); }
  }
  for (const name of ['HKDF', 'Ed25519', 'X25519', 'foo', { name: 'AES-XYZ' }, {}]) {
    await show('generate', () => subtle.generateKey(name, true, ['sign']));
    await show('import', () => subtle.importKey('raw', fill(16), name, true, ['sign']));
    await show('encrypt', () => subtle.encrypt(name, {}, fill(1)));
    await show('decrypt', () => subtle.decrypt(name, {}, fill(1)));
    await show('sign', () => subtle.sign(name, {}, fill(1)));
    await show('bits', () => subtle.deriveBits(name, {}, 8));
    await show('key', () => subtle.deriveKey(name, {}, 'AES-CBC', true, ['encrypt']));
  }
  for (const name of ['HMAC', 'ECDSA', 'RSA-PSS', 'PBKDF2', 'ECDH']) await show(name, () => subtle.encrypt(name, {}, fill(1)));
  for (const name of ['AES-CBC', 'PBKDF2', 'RSA-OAEP', 'ECDH']) await show(name, () => subtle.sign(name, {}, fill(1)));
  for (const name of ['AES-CBC', 'HMAC', 'RSA-OAEP']) await show(name, () => subtle.deriveBits(name, {}, 8));
  await show('generate a password', () => subtle.generateKey('PBKDF2', false, ['deriveBits']));
}
