import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

/** Metrics of a test; each is made when it is first named, which has to be while the script is loaded. */
export class MetricsCollector {
  readonly #metrics = new Map<string, Counter | Gauge | Rate | Trend>();

  /** A sum, such as orders. */
  counter(name: string): Counter {
    return this.#get(name, () => new Counter(name)) as Counter;
  }

  /** A value that is set, of which the last counts. */
  gauge(name: string): Gauge {
    return this.#get(name, () => new Gauge(name)) as Gauge;
  }

  /** How many of all, such as orders that were paid. */
  rate(name: string): Rate {
    return this.#get(name, () => new Rate(name)) as Rate;
  }

  /** A distribution of numbers. */
  trend(name: string): Trend {
    return this.#get(name, () => new Trend(name)) as Trend;
  }

  /** A distribution of times, in milliseconds. */
  time(name: string): Trend {
    return this.#get(name, () => new Trend(name, true)) as Trend;
  }

  /** How long something takes, as a sample of `time(name)`; also when it throws. */
  measure<T>(name: string, what: () => T): T {
    const start = Date.now();
    try {
      return what();
    } finally {
      this.time(name).add(Date.now() - start);
    }
  }

  #get(name: string, make: () => Counter | Gauge | Rate | Trend): Counter | Gauge | Rate | Trend {
    let metric = this.#metrics.get(name);
    if (metric === undefined) {
      metric = make();
      this.#metrics.set(name, metric);
    }
    return metric;
  }
}
