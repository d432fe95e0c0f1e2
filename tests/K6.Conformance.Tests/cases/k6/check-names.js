// Names of checks: unusual characters, numbers, the separator of paths.
import { check, group } from 'k6';
export default function () {
  check(1, { 'with "quotes", commas': () => true, 'ünïcode ✓': () => true, 10: () => false, ' spaces ': () => true });
  try { check(1, { 'a::b': () => true }); } catch (e) { console.log(String(e)); }
  group('g', () => check(1, { 10: () => true }));
}
