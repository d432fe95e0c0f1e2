// Arguments are handed on; what is no function is refused.
import { setTimeout as fromModule } from 'k6/timers';
export default function () {
  setTimeout((a, b) => console.log(a, b), 40, 'x', 2);
  fromModule(() => console.log('module'), 80);
  for (const call of [() => setTimeout(), () => setTimeout('code', 1), () => setTimeout(5), () => setTimeout(() => console.log('no delay')), () => setTimeout(() => console.log('negative'), -5), () => setTimeout(() => console.log('text delay'), '20')]) {
    try { console.log(typeof call()); } catch (e) { console.log(String(e)); }
  }
}
