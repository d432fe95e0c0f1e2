import exec from 'k6/execution';
import { milliseconds, type Duration } from './durations.ts';

/**
 * A window at the start of a scenario that limits leave out, since a program that just started is not what is tested. Call the result
 * at the start of each iteration: its samples then carry `phase:warmup` or `phase:measured`, and a threshold on
 * `http_req_duration{phase:measured}` judges the second.
 * @param length How long the window is, from the start of the scenario.
 * @returns Tags the iteration, and tells whether it is in the window.
 */
export function warmUp(length: Duration): () => boolean {
  const limit = milliseconds(length);
  // One scenario runs in a virtual user at a time; once it is warm it stays so.
  let warm: string | undefined;
  return () => {
    const { name, startTime } = exec.scenario;
    const inside = warm !== name && Date.now() - startTime < limit;
    if (!inside) {
      warm = name;
    }
    exec.vu.metrics.tags.phase = inside ? 'warmup' : 'measured';
    return inside;
  };
}
