// ECDSA: keys of one format in all others, signatures of k6 and of the engine.
import { pkcs8, spki, hex, fill, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
  const data = fill(5, 65);
  const k = await show('import', () => subtle.importKey('pkcs8', pkcs8.one, P256, true, ['sign']));
  console.log('same', hex(await subtle.exportKey('pkcs8', k)) === hex(pkcs8.one));
  const exported = await subtle.exportKey('jwk', k);
  console.log(jwk(exported));
  delete exported.d;
  const open = await show('public', () => subtle.importKey('jwk', exported, P256, true, ['verify']));
  for (const format of ['raw', 'spki']) {
    const bytes = await show(format, () => subtle.exportKey(format, open));
    await show('back', () => subtle.importKey(format, bytes, P256, true, ['verify']));
  }
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', { name: 'SHA-512' }]) {
    const signature = await subtle.sign({ name: 'ECDSA', hash }, k, data);
    await show(`${signature.byteLength}`, () => subtle.verify({ name: 'ECDSA', hash }, open, signature, data));
    await show('other', () => subtle.verify({ name: 'ECDSA', hash }, open, signature, fill(5)));
  }
  await show('short', () => subtle.verify({ name: 'ECDSA', hash: 'SHA-1' }, open, fill(7), data));
  for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
    const pair = await show(namedCurve, () => subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']));
    const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, data);
    console.log(signature.byteLength, await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, signature, data));
    for (const [format, which] of [['raw', 'publicKey'], ['spki', 'publicKey'], ['pkcs8', 'privateKey']]) console.log(format, (await subtle.exportKey(format, pair[which])).byteLength);
  }
}
