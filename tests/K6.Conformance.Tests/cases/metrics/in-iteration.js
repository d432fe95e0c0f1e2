// A metric cannot be made outside of init code.
import { Counter } from 'k6/metrics';
export default function () {
  try { new Counter('late'); } catch (e) { console.log(String(e)); }
  try { Counter('called'); } catch (e) { console.log(String(e)); }
}
