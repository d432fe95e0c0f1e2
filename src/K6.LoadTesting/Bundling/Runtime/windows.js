// Windows of the load: samples of iterations that begin in one carry a tag, by which thresholds judge them.

import exec from "k6/execution";
import { milliseconds } from "./values.js";

/**
 * The function, which first marks the virtual user. The time is that of the scenario, whose own start is known, and not that of the
 * whole run, which costs ten times as much to ask for. k6 takes the marks away with each scenario, so they are looked at each time.
 */
export function inWindows(run, windows, options) {
  if (typeof run !== "function") {
    return run;
  }
  const starts = {};
  for (const [name, scenario] of Object.entries(options.scenarios ?? {})) {
    starts[name] = milliseconds(scenario.startTime ?? 0);
  }
  const late = Object.values(starts).some((start) => start > 0);
  const all = [...windows.values()];
  let tags;
  return function (data) {
    tags ??= exec.vu.metrics.tags;
    const seconds = (Date.now() - exec.scenario.startTime + (late ? (starts[exec.scenario.name] ?? 0) : 0)) / 1000;
    for (const { tag, text, from, to } of all) {
      const mark = seconds >= from && (to === undefined || seconds < to) ? text : undefined;
      if (tags[tag] !== mark) {
        if (mark === undefined) {
          delete tags[tag];
        } else {
          tags[tag] = mark;
        }
      }
    }
    return run.call(this, data);
  };
}
