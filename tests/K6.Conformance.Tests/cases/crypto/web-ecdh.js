// ECDH: the secret of two fixed keys, and of generated ones.
import { pkcs8, hex, key, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const P256 = { name: 'ECDH', namedCurve: 'P-256' };
  const one = await show('import', () => subtle.importKey('pkcs8', pkcs8.one, P256, true, ['deriveBits', 'deriveKey']));
  const two = await subtle.importKey('pkcs8', pkcs8.two, P256, true, ['deriveBits']);
  const exported = await subtle.exportKey('jwk', two);
  console.log(jwk(exported));
  delete exported.d;
  const open = await show('public', () => subtle.importKey('jwk', exported, P256, true, []));
  for (const length of [8, 128, 256]) await show(`${length} bits`, () => subtle.deriveBits({ name: 'ECDH', public: open }, one, length));
  for (const length of [0, null, undefined, 132, 264]) await show(`${length} bits`, () => subtle.deriveBits({ name: 'ECDH', public: open }, one, length));
  for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
    const a = await show(namedCurve, () => subtle.generateKey({ name: 'ECDH', namedCurve }, true, ['deriveKey', 'deriveBits']));
    const b = await subtle.generateKey({ name: 'ECDH', namedCurve }, false, ['deriveBits']);
    console.log(hex(await subtle.deriveBits({ name: 'ECDH', public: a.publicKey }, b.privateKey, 256)) === hex(await subtle.deriveBits({ name: 'ECDH', public: b.publicKey }, a.privateKey, 256)));
    console.log((await subtle.exportKey('raw', b.publicKey)).byteLength);
  }
  await show('no public', () => subtle.deriveBits({ name: 'ECDH' }, one, 128));
  await show('private as public', () => subtle.deriveBits({ name: 'ECDH', public: two }, one, 128));
  await show('public no key', () => subtle.deriveBits({ name: 'ECDH', public: {} }, one, 128));
  await show('base no key', () => subtle.deriveBits({ name: 'ECDH', public: open }, {}, 128));
  await show('curves', async () => subtle.deriveBits({ name: 'ECDH', public: (await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, true, ['deriveBits'])).publicKey }, one, 128));
  await show('usage', async () => subtle.deriveBits({ name: 'ECDH', public: open }, await subtle.importKey('pkcs8', pkcs8.one, P256, true, ['deriveKey']), 128));
  await show('key', () => subtle.deriveKey({ name: 'ECDH', public: open }, one, { name: 'AES-CBC', length: 128 }, true, ['encrypt']));
}
