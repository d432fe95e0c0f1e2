// With a seed Math.random is the same sequence each time.
import { randomSeed } from 'k6';
export default function () {
  randomSeed(123);
  const first = [Math.random(), Math.random()];
  randomSeed(123);
  const again = [Math.random(), Math.random()];
  randomSeed(124);
  console.log(first[0] === again[0], first[1] === again[1], first[0] !== Math.random(), first[0] >= 0, first[0] < 1);
  for (const call of [() => randomSeed(), () => randomSeed('x'), () => randomSeed(1.5)]) {
    try { console.log(String(call())); } catch (e) { console.log(String(e)); }
  }
}
