import type { Scenario } from 'k6/options';
import { milliseconds, type Duration } from './durations.ts';

/** What any pattern takes. */
interface Common {
  /** The whole length, ramps included; at least 1s. */
  duration: Duration;
  startTime?: Duration;
  gracefulStop?: Duration;
}

/** Virtual users that wait for their answers. */
export interface Closed extends Common {
  /** The top: virtual users. */
  vus: number;
  /** Where it starts, and goes back to. */
  startVUs?: number;
  gracefulRampDown?: Duration;
}

/** Iterations that start at a rate, however slow the answers are. */
export interface Open extends Common {
  /** The top: iterations per `timeUnit`. */
  rate: number;
  startRate?: number;
  timeUnit?: Duration;
  /** Virtual users that are ready: about `rate` times the seconds that an iteration takes. */
  preAllocatedVUs: number;
  maxVUs?: number;
}

/** A load, closed by `vus` or open by `rate`; docs/patterns.md has the formulas. */
export type Load = Closed | Open;

/** The length of one ramp. */
export interface Ramp {
  ramp?: Duration;
}

/** As little as possible: does it work at all? */
export function smoke(load: Partial<Closed> | (Omit<Open, 'duration'> & { duration?: Duration }) = {}): Scenario {
  return constant({ duration: '10s', ...('rate' in load ? load : { vus: 1, ...load }) } as Load);
}

/** The same load all the time: does it hold? */
export function steady(load: Load): Scenario {
  return constant(load);
}

/** Up, and down again. */
export function rampUp(load: Load & Ramp): Scenario {
  return plateau(load, 4);
}

/** Long: does it leak? */
export function soak(load: Load & Ramp): Scenario {
  return plateau(load, 20);
}

/** A rush: does it survive, and recover? */
export function spike(load: Load & Ramp): Scenario {
  const { length, top } = read(load);
  const start = startOf(load) ?? Math.ceil(top / 10);
  const before = Math.floor((length * 2) / 5);
  const peak = Math.floor(length / 5);
  const jump = rampOf(load, Math.floor(length / 20), Math.floor(peak / 2));
  return ramping(load, start, [[before, start], [jump, top], [peak - 2 * jump, top], [jump, start], [length - before - peak, start]]);
}

/** Steps: at which does it become slow? */
export function stress(load: Load & Ramp & { steps?: number }): Scenario {
  const { length, top } = read(load);
  const start = startOf(load) ?? 0;
  const steps = load.steps ?? 5;
  if (!(steps >= 1 && steps <= Math.min(100, top - start))) {
    throw new Error(`${steps} steps from ${start} to ${top} would not all be steps up`);
  }
  const step = Math.floor(length / steps);
  const climb = rampOf(load, Math.floor(step / 4), step);
  const stages: Step[] = [];
  for (let i = 1; i <= steps; i++) {
    const level = start + Math.floor((2 * (top - start) * i + steps) / (2 * steps));
    stages.push([climb, level], [i < steps ? step - climb : length - step * (steps - 1) - climb, level]);
  }
  return ramping(load, start, stages);
}

/** More and more: where does it break? */
export function breakpoint(load: Load): Scenario {
  const { length, top } = read(load);
  return ramping(load, startOf(load) ?? 0, [[length, top]]);
}

type Step = [milliseconds: number, target: number];

function plateau(load: Load & Ramp, part: number): Scenario {
  const { length, top } = read(load);
  const start = startOf(load) ?? 0;
  const ramp = rampOf(load, Math.floor(length / part), Math.floor(length / 2));
  return ramping(load, start, [[ramp, top], [length - 2 * ramp, top], [ramp, start]]);
}

function constant(load: Load): Scenario {
  read(load);
  const { ramp, startVUs, startRate, steps, ...rest } = load as unknown as Record<string, unknown>;
  return { executor: 'rate' in load ? 'constant-arrival-rate' : 'constant-vus', ...rest } as unknown as Scenario;
}

// Whole milliseconds and whole virtual users, so that projects, C# and scripts agree to the last digit.
function ramping(load: Load & Ramp, start: number, steps: Step[]): Scenario {
  const { top } = read(load);
  if (!(start >= 0 && start < top)) {
    throw new Error(`a pattern starts below its top: ${start} is not less than ${top}`);
  }
  let level = start;
  const stages = steps
    .filter(([length, target]) => { const kept = length > 0 || target !== level; level = target; return kept; })
    .map(([length, target]) => ({ duration: `${length}ms`, target }));
  const { duration, ramp, steps: _, vus, startVUs, rate, startRate, ...rest } = load as any;
  return 'rate' in load
    ? { executor: 'ramping-arrival-rate', startRate: start, stages, ...rest }
    : { executor: 'ramping-vus', startVUs: start, stages, ...rest };
}

function read(load: Load): { length: number; top: number } {
  const top = 'rate' in load ? load.rate : load.vus;
  const length = milliseconds(load.duration);
  if (!(Number.isInteger(top) && top >= 1) || length < 1000) {
    throw new Error(`a load is 1 or more vus, or rate, for 1s or more; not ${top} for ${load.duration}`);
  }
  return { length, top };
}

function startOf(load: Load): number | undefined {
  return 'rate' in load ? load.startRate : load.startVUs;
}

function rampOf(load: Ramp, otherwise: number, longest: number): number {
  const ramp = load.ramp === undefined ? otherwise : Math.floor(milliseconds(load.ramp));
  if (ramp > longest) {
    throw new Error(`a ramp of ${load.ramp} is too long: this pattern has ${longest}ms at most for one`);
  }
  return ramp;
}
