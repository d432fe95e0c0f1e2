// What is no value of a tag.
import exec from 'k6/execution';
export default function () {
  for (const v of [{}, null, undefined, [], () => 1]) { try { exec.vu.metrics.tags.k = v; console.log('fine'); } catch (e) { console.log(e.name, e.message); } }
}
