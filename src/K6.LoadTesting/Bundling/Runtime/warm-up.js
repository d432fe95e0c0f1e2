// WarmUp: the steady part of the load for a while, in a run of its own whose figures count for nothing.

import { LOAD_OPTIONS, scriptScenarios } from "./load.js";
import { milliseconds, prune } from "./values.js";

/** How long this run warms up; undefined in a run that is measured. */
export const warmUpLength = () => (typeof __ENV === "undefined" ? undefined : __ENV.K6SDK_WARM_UP);

/** All scenarios at once, each at its steady load, with nothing to judge. */
export function keepSteady(options, duration) {
  const scenarios = Object.entries(scriptScenarios({ options }, {}, false)).map(([name, scenario]) => [name, steady(scenario, duration)]);
  for (const name of LOAD_OPTIONS) {
    delete options[name];
  }
  delete options.thresholds;
  options.scenarios = Object.fromEntries(scenarios);
}

function steady(scenario, duration) {
  const { executor, exec, tags, env, options: browser, gracefulStop, vus, startVUs, rate, startRate, timeUnit, stages, preAllocatedVUs, maxVUs } = scenario;
  const common = { exec, tags, env, options: browser, gracefulStop, duration };
  switch (executor) {
    case "constant-arrival-rate":
    case "ramping-arrival-rate":
      return prune({
        ...common, executor: "constant-arrival-rate", timeUnit, preAllocatedVUs, maxVUs,
        rate: executor === "constant-arrival-rate" ? rate : levelOf(startRate ?? 0, stages),
      });
    default:
      return prune({ ...common, executor: "constant-vus", vus: executor === "ramping-vus" ? levelOf(startVUs ?? 1, stages) : vus ?? 1 });
  }
}

/** What a ramp holds longest; the mean over its time when it holds nothing. */
function levelOf(start, stages) {
  const held = { length: 0, target: 0 };
  let [from, area, total] = [start, 0, 0];
  for (const stage of stages ?? []) {
    const [length, target] = [milliseconds(stage.duration), Number(stage.target)];
    if (target === from && target > 0 && length > held.length) {
      Object.assign(held, { length, target });
    }
    area += (length * (from + target)) / 2;
    total += length;
    from = target;
  }
  return held.target || Math.max(1, Math.round(total > 0 ? area / total : from));
}
