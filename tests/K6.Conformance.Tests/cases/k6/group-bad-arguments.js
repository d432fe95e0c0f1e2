// What group says of arguments that it cannot use.
import { group } from 'k6';
export default function () {
  for (const call of [() => group(), () => group('x'), () => group('x', 5), () => group('a::b', () => 1), () => group('', () => 1), () => group('async', async () => 1), () => group(7, () => 7)]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
