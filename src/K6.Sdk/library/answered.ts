import type { Expectation } from './expectations.ts';

/**
 * There is an answer; for checks of an API, which show what it was: it is logged. Not for load.
 * @param name Name of the request.
 */
export function answered(name: string): Expectation {
  return {
    text: 'is answered',
    holds: (answer) => {
      const body = typeof answer.body === 'string' ? answer.body.slice(0, 2000) : null;
      console.log(`k6-sdk answer ${JSON.stringify({ name, status: answer.status, error: answer.error, duration: answer.timings.duration, body })}`);
      return answer.status > 0;
    },
  };
}
