// A name that a module does not export.
// @differs log: typeof a name that a module of k6 does not export is undefined here, object there
import { nothing } from 'k6';
export default function () { console.log(typeof nothing); }
