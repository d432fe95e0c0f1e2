// Every hash in every encoding.
import crypto from 'k6/crypto';
export default function () {
  for (const h of ['md4', 'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256', 'ripemd160']) {
    console.log(h, crypto[h]('abc', 'hex'), crypto[h]('', 'base64'), crypto[h]('ü', 'base64url'), crypto[h](new Uint8Array([0, 1]).buffer, 'base64rawurl'));
    console.log(new Uint8Array(crypto[h]('abc', 'binary')).length);
  }
}
