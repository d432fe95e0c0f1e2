// An async check function gives a promise, which is truthy; k6 warns of it.
import { check } from 'k6';
export default function () {
  console.log(check(1, { later: async () => false }));
}
