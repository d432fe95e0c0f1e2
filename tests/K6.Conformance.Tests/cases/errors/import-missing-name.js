// A name that a module does not export.
import { nothing } from 'k6';
export default function () { console.log(typeof nothing); }
