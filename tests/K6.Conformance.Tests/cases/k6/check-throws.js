// A check that throws ends the iteration; the checks before it are counted.
import { check } from 'k6';
export const options = { iterations: 2 };
export default function () {
  check(1, { before: () => true, throws: () => { throw new Error('in check'); }, after: () => true });
}
