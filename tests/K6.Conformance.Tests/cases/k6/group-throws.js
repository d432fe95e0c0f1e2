// An exception inside a group leaves it; the group's duration is counted where k6 counts it.
import { group, check } from 'k6';
export default function () {
  try { group('bad', () => { throw new Error('inside'); }); } catch (e) { console.log(e.message); }
  check(1, { 'after group': () => true });
}
