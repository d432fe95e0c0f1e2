// fail throws an ordinary value that can be caught.
import { fail } from 'k6';
export default function () {
  for (const reason of ['text', 5, { a: 1 }, undefined]) {
    try { fail(reason); } catch (e) { console.log(String(e), e instanceof Error); }
  }
}
