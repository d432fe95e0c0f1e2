// What RSA refuses, and what it generates.
import { pkcs8, spki, fill, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const data = fill(5);
  for (const [name, forPublic, forPrivate] of [['RSA-OAEP', 'encrypt', 'decrypt'], ['RSA-PSS', 'verify', 'sign'], ['RSASSA-PKCS1-v1_5', 'verify', 'sign']]) {
    const algorithm = { name, modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
    const pair = await show('generate', () => subtle.generateKey(algorithm, true, [forPublic, forPrivate]));
    await show('public alone', () => subtle.generateKey(algorithm, true, [forPublic]));
    await show('usage', () => subtle.generateKey(algorithm, true, ['deriveKey']));
    await show('without usage', () => subtle.generateKey(algorithm, true, []));
    for (const missing of ['modulusLength', 'publicExponent', 'hash']) await show(`without ${missing}`, () => subtle.generateKey({ ...algorithm, [missing]: undefined }, true, [forPrivate]));
    await show('exponent 3', () => subtle.generateKey({ ...algorithm, publicExponent: new Uint8Array([3]) }, true, [forPrivate]));
    await show('exponent list', () => subtle.generateKey({ ...algorithm, publicExponent: [1, 0, 1] }, true, [forPrivate]));
    await show('length', () => subtle.generateKey({ ...algorithm, modulusLength: 100 }, true, [forPrivate]));
    for (const [format, which] of [['raw', 'publicKey'], ['spki', 'privateKey'], ['pkcs8', 'publicKey']]) await show(`${format} ${which}`, () => subtle.exportKey(format, pair[which]));
    for (const format of ['spki', 'pkcs8']) await show(format, () => subtle.importKey(format, fill(10), algorithm, true, [forPrivate]), true);
    await show('raw', () => subtle.importKey('raw', fill(10), algorithm, true, [forPrivate]));
    await show('jwk', () => subtle.importKey('jwk', { kty: 'RSA' }, algorithm, true, [forPrivate]));
    await show('jwk kind', () => subtle.importKey('jwk', { kty: 'EC' }, algorithm, true, [forPrivate]));
    await show('private without usage', () => subtle.importKey('pkcs8', pkcs8.rsa, algorithm, true, []));
    await show('without hash', () => subtle.importKey('pkcs8', pkcs8.rsa, name, true, [forPrivate]));
    if (name !== 'RSA-OAEP') {
      await show('sign', () => subtle.sign({ name, saltLength: 8 }, pair.publicKey, data));
      await show('verify', () => subtle.verify({ name, saltLength: 8 }, pair.privateKey, data, data));
    }
  }
  await show('without salt', () => subtle.sign('RSA-PSS', {}, data));
}
