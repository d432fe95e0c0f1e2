// Tags of samples, with values that are not text.
import { Counter } from 'k6/metrics';
const c = new Counter('counter');
export default function () {
  c.add(1, { a: 'text', b: 5, c: true, d: 1.5, e: '' });
  c.add(2, {}); c.add(3, null); c.add(4, undefined);
  for (const tags of [{ n: null }, { u: undefined }, { o: {} }, { l: [1] }, 'text', 7]) {
    try { console.log(String(c.add(1, tags))); } catch (e) { console.log(String(e)); }
  }
}
