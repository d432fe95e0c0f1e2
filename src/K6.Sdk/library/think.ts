import { sleep } from 'k6';
import { milliseconds, type Duration } from './durations.ts';
import { random } from './random.ts';

/**
 * Waits as a person does between two requests.
 * @param shortest The shortest pause, such as `500ms`.
 * @param longest The longest one; without it the pause is always the shortest.
 */
export function think(shortest: Duration, longest: Duration = shortest): void {
  const from = milliseconds(shortest);
  sleep((from + random() * (milliseconds(longest) - from)) / 1000);
}
