// Groups nest, give back what their functions give, and tag what is inside.
import { group, check } from 'k6';
import { Counter } from 'k6/metrics';
const seen = new Counter('seen');
export default function () {
  const value = group('outer', () => {
    seen.add(1);
    return group('inner', () => { seen.add(1); check(1, { ok: () => true }); return 42; });
  });
  seen.add(1);
  console.log(value);
}
