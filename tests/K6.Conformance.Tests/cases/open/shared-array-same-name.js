// The function of a name runs once for all virtual users.
import { SharedArray } from 'k6/data';
const a = new SharedArray('same', () => [1]);
const b = new SharedArray('same', () => [1, 2, 3]);
export default function () { console.log(a.length, b.length); }
