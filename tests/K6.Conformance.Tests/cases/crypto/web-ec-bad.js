// What ECDSA and ECDH refuse.
import { pkcs8, spki, fill, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const data = fill(5);
  for (const name of ['ECDSA', 'ECDH']) {
    const algorithm = { name, namedCurve: 'P-256' };
    const usage = name === 'ECDSA' ? 'sign' : 'deriveBits';
    await show('generate curve', () => subtle.generateKey({ name, namedCurve: 'X' }, true, [usage]));
    await show('generate without curve', () => subtle.generateKey({ name }, true, [usage]));
    await show('generate usage', () => subtle.generateKey(algorithm, true, ['encrypt']));
    await show('generate without usage', () => subtle.generateKey(algorithm, true, []));
    await show('raw', () => subtle.importKey('raw', fill(10), algorithm, true, []));
    await show('no point', () => subtle.importKey('raw', fill(65), algorithm, true, []));
    for (const format of ['spki', 'pkcs8']) await show(format, () => subtle.importKey(format, fill(10), algorithm, true, [usage]), true);
    for (const k of [{}, { kty: 'RSA' }, { kty: 'EC', crv: 'P-256' }]) await show(`jwk ${JSON.stringify(k)}`, () => subtle.importKey('jwk', k, algorithm, true, [usage]));
    await show('private without usage', () => subtle.importKey('pkcs8', pkcs8.one, algorithm, true, []));
    await show('foo', () => subtle.importKey('foo', fill(1), algorithm, true, [usage]));
  }
  await show('hash', () => subtle.sign({ name: 'ECDSA' }, pair.privateKey, data));
  await show('md5', () => subtle.sign({ name: 'ECDSA', hash: 'MD5' }, pair.privateKey, data));
  await show('sign', () => subtle.sign({ name: 'ECDSA', hash: 'SHA-1' }, pair.publicKey, data));
  await show('verify', () => subtle.verify({ name: 'ECDSA', hash: 'SHA-1' }, pair.privateKey, data, data));
  await show('encrypt', () => subtle.encrypt({ name: 'AES-CBC', iv: fill(16) }, pair.publicKey, data));
  for (const [format, which] of [['raw', 'privateKey'], ['spki', 'privateKey'], ['pkcs8', 'publicKey'], ['foo', 'publicKey']]) await show(`${format} ${which}`, () => subtle.exportKey(format, pair[which]));
  await show('pair', () => subtle.exportKey('raw', pair));
}
