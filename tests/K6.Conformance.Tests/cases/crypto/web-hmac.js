// HMAC with every hash: sign, verify, import and export.
import { fill, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const data = fill(5, 65);
  for (const hash of ['SHA-1', 'SHA-256', 'sha-384', { name: 'SHA-512' }]) {
    const k = await show('import', () => subtle.importKey('raw', fill(10, 3), { name: 'HMAC', hash }, true, ['sign', 'verify']));
    const signature = await show('sign', () => subtle.sign('HMAC', k, data));
    await show('verify', () => subtle.verify({ name: 'HMAC' }, k, signature, data.buffer));
    await show('verify other', () => subtle.verify('HMAC', k, signature, fill(5, 66)));
    await show('verify short', () => subtle.verify('HMAC', k, fill(3), data));
    const exported = await subtle.exportKey('jwk', k);
    console.log(jwk(exported));
    await show('back', async () => subtle.exportKey('raw', await subtle.importKey('jwk', exported, { name: 'HMAC', hash }, true, ['sign'])));
    await show('generated', async () => (await subtle.exportKey('raw', await subtle.generateKey({ name: 'HMAC', hash }, true, ['sign']))).byteLength);
  }
  await show('length', () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-1', length: 256 }, false, ['verify', 'sign']));
}
