// RSASSA-PKCS1-v1_5 and RSA-PSS: the same signature where it is determined, and salts of every length.
import { pkcs8, spki, fill, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const data = fill(5, 65);
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
    for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS']) {
      const k = await show('import', () => subtle.importKey('pkcs8', pkcs8.rsa, { name, hash }, true, ['sign']));
      const open = await subtle.importKey('spki', spki.rsa, { name, hash }, true, ['verify']);
      if (name === 'RSA-PSS') {
        for (const saltLength of [8, 20, 32, 64, 222, 300, 0]) {
          const signature = await show(`salt ${saltLength}`, async () => { const s = await subtle.sign({ name, saltLength }, k, data); return console.log(s.byteLength); return subtle.verify({ name, saltLength }, open, s, data); });
          if (signature) await show('other', async () => subtle.verify({ name, saltLength }, open, await subtle.sign({ name, saltLength: saltLength + 1 }, k, data), data));
        }
      } else {
        const signature = await show('sign', () => subtle.sign(name, k, data));
        await show('verify', () => subtle.verify(name, open, signature, data));
        await show('other', () => subtle.verify(name, open, signature, fill(5)));
      }
      await show('short', () => subtle.verify({ name, saltLength: 32 }, open, fill(3), data));
    }
  }
}
