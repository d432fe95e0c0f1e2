// A module that k6 2 removed.
import x from 'k6/experimental/timers';
export default function () { x(); }
