// A public key of RSA that came as a JWK: k6 2.2 takes it and then does not know it for one.
import { pkcs8, spki, fill, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const { n, e } = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', pkcs8.rsa, { name: 'RSA-OAEP', hash: 'SHA-1' }, true, ['decrypt']));
  for (const [name, usage] of [['RSA-OAEP', 'encrypt'], ['RSA-PSS', 'verify'], ['RSASSA-PKCS1-v1_5', 'verify']]) {
    const open = await show('import', () => subtle.importKey('jwk', { kty: 'RSA', n, e }, { name, hash: 'SHA-1' }, true, [usage]));
    await show('spki', () => subtle.exportKey('spki', open));
    await show('pkcs8', () => subtle.exportKey('pkcs8', open));
    await show('jwk', async () => jwk(await subtle.exportKey('jwk', open)));
    await show('use', () => name === 'RSA-OAEP' ? subtle.encrypt({ name }, open, fill(3)) : subtle.verify({ name, saltLength: 8 }, open, fill(3), fill(3)));
  }
}
