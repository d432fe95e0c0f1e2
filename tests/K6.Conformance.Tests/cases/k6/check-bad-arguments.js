// What check says of arguments that it cannot use.
import { check } from 'k6';
export default function () {
  for (const call of [() => check(), () => check(1), () => check(1, null), () => check(1, undefined), () => check(1, 'text'), () => check(1, [() => true])]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
