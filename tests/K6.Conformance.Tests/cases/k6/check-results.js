// Checks count what their functions give, by truth.
import { check } from 'k6';
export const options = { iterations: 2 };
export default function () {
  console.log(check({ a: 1 }, { 'a is 1': (x) => x.a === 1, 'a is 2': (x) => x.a === 2, 'truthy text': () => 'yes', 'empty text': () => '' }));
  console.log(check(null, { 'constant true': true, 'constant 0': 0, 'undefined': undefined, 'NaN': NaN, 'object': {} }));
}
