// What HMAC refuses.
import { spki, fill, key, jwk, show } from './data/keys.js';
const { subtle } = crypto;
export default async function () {
  const data = fill(5, 65);
  const hash = 'SHA-256';
  const toVerify = await subtle.importKey('raw', fill(10, 3), { name: 'HMAC', hash }, false, ['verify']);
  const toSign = await subtle.importKey('raw', fill(10, 3), { name: 'HMAC', hash }, false, ['sign']);
  await show('sign', () => subtle.sign('HMAC', toVerify, data));
  await show('verify', () => subtle.verify('HMAC', toSign, data, data));
  await show('other algorithm', () => subtle.sign({ name: 'ECDSA', hash }, toSign, data));
  await show('text', () => subtle.sign('HMAC', toSign, 'abc'));
  await show('no key', () => subtle.sign('HMAC', {}, data));
  await show('text as key', () => subtle.sign('HMAC', 'x', data));
  await show('export', () => subtle.exportKey('jwk', toSign));
  await show('generate md5', () => subtle.generateKey({ name: 'HMAC', hash: 'MD5' }, true, ['sign']));
  await show('generate without hash', () => subtle.generateKey({ name: 'HMAC' }, true, ['sign']));
  await show('generate hash 5', () => subtle.generateKey({ name: 'HMAC', hash: 5 }, true, ['sign']));
  await show('generate usage', () => subtle.generateKey({ name: 'HMAC', hash }, true, ['encrypt']));
  await show('generate without usage', () => subtle.generateKey({ name: 'HMAC', hash }, true, []));
  await show('generate length', () => subtle.generateKey({ name: 'HMAC', hash, length: 0 }, true, ['sign']));
  await show('import md5', () => subtle.importKey('raw', fill(10), { name: 'HMAC', hash: 'MD5' }, true, ['sign']));
  await show('import empty', () => subtle.importKey('raw', fill(0), { name: 'HMAC', hash }, true, ['sign']));
  await show('import length', () => subtle.importKey('raw', fill(10), { name: 'HMAC', hash, length: 75 }, true, ['sign']));
  await show('import usage', () => subtle.importKey('raw', fill(10), { name: 'HMAC', hash }, true, ['encrypt']));
  await show('import without usage', () => subtle.importKey('raw', fill(10), { name: 'HMAC', hash }, true, []));
  await show('import spki', () => subtle.importKey('spki', fill(10), { name: 'HMAC', hash }, true, ['sign']));
}
