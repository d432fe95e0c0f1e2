// It cannot be made outside of init code.
import { SharedArray } from 'k6/data';
export default function () {
  try { new SharedArray('late', () => [1]); } catch (e) { console.log(String(e)); }
}
