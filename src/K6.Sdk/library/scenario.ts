import type { Options, Scenario } from 'k6/options';
import { MetricsCollector } from './metrics.ts';

/** What a scenario consists of besides its code. */
export interface Definition {
  /** The load: `rampUp({ vus: 50, duration: '5m' })`, or a scenario in k6's words. One of the project comes first. */
  load?: Scenario;
  /** Name of k6's scenario. */
  name?: string;
  thresholds?: Options['thresholds'];
  /** Names of requests that get rows of their own in results. */
  endpoints?: readonly string[];
  /** Any other option of k6. */
  options?: Options;
}

/**
 * A load test as a class. k6 wants exports:
 *
 *     const test = loadTest(new Browse());
 *     export const { options, setup, teardown } = test;
 *     export default test.iteration;
 */
export abstract class LoadTestScenario<Data = void> {
  /** Metrics of its own; name each while the script is loaded, such as in a field: `readonly orders = this.metrics.counter('orders')`. */
  protected readonly metrics: MetricsCollector = new MetricsCollector();

  /** Says what the test is. Called once, when the script is loaded. */
  define(): Definition {
    return {};
  }

  /** Runs once, before the load; what it returns reaches every iteration as JSON. */
  setUp(): Data {
    return undefined as Data;
  }

  /** What a virtual user does, again and again. */
  abstract iteration(data: Data): void | Promise<void>;

  /** Runs once, after the load. */
  tearDown(_data: Data): void {}
}

/** What a script exports for k6. */
export function loadTest<Data>(scenario: LoadTestScenario<Data>): {
  options: Options;
  setup: () => Data;
  iteration: (data: Data) => void | Promise<void>;
  teardown: (data: Data) => void;
} {
  const { load, name = 'default', thresholds, endpoints, options } = scenario.define();
  return {
    options: {
      ...options,
      ...(load && { scenarios: { ...options?.scenarios, [name]: load } }),
      ...(thresholds && { thresholds: { ...options?.thresholds, ...thresholds } }),
      ...(endpoints && { ext: { ...options?.ext, k6sdk: { endpoints: [...endpoints] } } }),
    },
    setup: () => scenario.setUp(),
    iteration: (data) => scenario.iteration(data),
    teardown: (data) => scenario.tearDown(data),
  };
}
