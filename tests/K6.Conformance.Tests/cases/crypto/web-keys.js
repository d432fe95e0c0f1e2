// What keys and errors look like.
import { hex, fill, key, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const k = await subtle.generateKey({ name: 'aes-cbc', length: '256' }, 1, ['decrypt', 'encrypt', 'encrypt']);
  console.log(key(k), Array.isArray(k.usages), k.constructor === Object);
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  console.log(key(pair.publicKey), key(pair.privateKey));
  for (const name of ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW']) await show(name, () => subtle.generateKey({ name, length: 192 }, true, ['wrapKey', 'unwrapKey']));
  const exported = await subtle.exportKey('jwk', k);
  console.log(exported.kty, exported.alg, exported.ext, exported.key_ops, exported.k.length);
  for (const call of [() => subtle.digest('SHA-9', fill(1)), () => subtle.digest('SHA-1', 'x')]) await call().catch((e) => console.log(String(e), e.error(), typeof e, e instanceof Error, JSON.stringify(e), Object.keys(e).sort(), e.stack));
  await show('digest of a DataView', () => subtle.digest('SHA-1', new DataView(fill(3).buffer)));
  await show('digest of a part', async () => hex(await subtle.digest('SHA-1', fill(3).subarray(1))) === hex(await subtle.digest('SHA-1', fill(3))));
}
