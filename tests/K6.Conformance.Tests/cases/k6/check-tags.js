// A check's tags are on its samples, and nowhere else.
import { check } from 'k6';
export default function () {
  check(1, { one: (x) => x === 1 }, { kind: 'number', nr: 5 });
  check(2, { two: (x) => x === 2 });
  check(3, {}, { unused: 'x' });
  console.log(check(3, {}));
}
