// The module's names.
import timers from 'k6/timers';
export default function () {
  console.log(Object.keys(timers).sort().join(), timers.setTimeout === setTimeout, ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'].map((n) => typeof globalThis[n]).join());
}
