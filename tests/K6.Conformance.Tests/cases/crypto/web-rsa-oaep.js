// RSA-OAEP: keys in every format, with and without label.
import { pkcs8, spki, hex, fill, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const k = await show('import', () => subtle.importKey('pkcs8', pkcs8.rsa, algorithm, true, ['decrypt']));
  console.log('same', hex(await subtle.exportKey('pkcs8', k)) === hex(pkcs8.rsa));
  const exported = await subtle.exportKey('jwk', k);
  console.log(jwk(exported));
  await show('back', async () => hex(await subtle.exportKey('pkcs8', await subtle.importKey('jwk', exported, algorithm, true, ['decrypt']))) === hex(pkcs8.rsa));
  const open = await show('public', () => subtle.importKey('spki', spki.rsa, { name: 'RSA-OAEP', hash: { name: 'SHA-256' } }, true, ['encrypt']));
  await show('spki', () => subtle.exportKey('spki', open));
  console.log(jwk(await subtle.exportKey('jwk', open)));
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
    const priv = await subtle.importKey('pkcs8', pkcs8.rsa, { name: 'RSA-OAEP', hash }, true, ['decrypt']);
    const pub = await subtle.importKey('spki', spki.rsa, { name: 'RSA-OAEP', hash }, true, ['encrypt']);
    const plain = await subtle.encrypt({ name: 'RSA-OAEP' }, pub, fill(5, 65));
    await show(`${hash} ${plain.byteLength}`, () => subtle.decrypt({ name: 'RSA-OAEP' }, priv, plain));
    const labelled = await subtle.encrypt({ name: 'RSA-OAEP', label: fill(3) }, pub, fill(5, 66));
    await show('label', () => subtle.decrypt({ name: 'RSA-OAEP', label: fill(3) }, priv, labelled));
    await show('without', () => subtle.decrypt({ name: 'RSA-OAEP' }, priv, labelled));
    await show('other label', () => subtle.decrypt({ name: 'RSA-OAEP', label: fill(4) }, priv, labelled));
  }
  await show('long', () => subtle.encrypt({ name: 'RSA-OAEP' }, open, fill(300)));
  await show('encrypt', () => subtle.encrypt({ name: 'RSA-OAEP' }, k, fill(1)));
  await show('decrypt', () => subtle.decrypt({ name: 'RSA-OAEP' }, open, fill(1)));
  await show('name alone', () => subtle.encrypt('RSA-OAEP', open, fill(3)));
  await show('garbage', () => subtle.decrypt({ name: 'RSA-OAEP' }, k, fill(3)));
}
