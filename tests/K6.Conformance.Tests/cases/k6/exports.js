// The module's names, by name and as a default.
import k6 from 'k6';
import * as all from 'k6';
export default function () {
  console.log(Object.keys(k6).sort().join(), Object.keys(all).includes('check'));
  console.log(['check', 'fail', 'group', 'randomSeed', 'sleep'].map((n) => typeof k6[n]).join());
}
