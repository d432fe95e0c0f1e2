// base64 in all its alphabets, both ways.
import encoding, { b64encode, b64decode } from 'k6/encoding';
export default function () {
  for (const alphabet of [undefined, 'std', 'rawstd', 'url', 'rawurl', 'other']) {
    console.log(alphabet, b64encode('a?>b~~ü', alphabet), b64encode('', alphabet), b64encode('x', alphabet));
  }
  console.log(b64encode(new Uint8Array([0, 255, 254]).buffer), b64encode(new Uint8Array([251, 255]).buffer, 'rawurl'));
  console.log(b64decode('YT8+Yg==', 'std', 's'), b64decode('YT8-Yg', 'rawurl', 's'), new Uint8Array(b64decode('AP/+')).join());
  console.log(Object.keys(encoding).sort().join());
}
