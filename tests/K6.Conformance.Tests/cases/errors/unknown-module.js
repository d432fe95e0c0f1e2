// A module of k6 that does not exist.
import x from 'k6/nothing';
export default function () { x(); }
