// What check, group, sleep and fail say in init code.
// @args --summary-mode disabled
import { check, group, sleep, fail } from 'k6';
for (const [name, call] of Object.entries({ check: () => check(1, { a: () => true }), group: () => group('g', () => 1), sleep: () => sleep(0.01), fail: () => fail('f') })) {
  try { console.log(name, String(call())); } catch (e) { console.log(name, String(e)); }
}
export default function () {}
