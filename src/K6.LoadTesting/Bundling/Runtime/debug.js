// K6Debug: look at what a script does, instead of at how fast it is.

import { LOAD_OPTIONS, hasShortcut } from "./load.js";
import { prune } from "./values.js";

/** Each scenario once, by one user, with all that is sent and received in the log; nothing is judged. */
export function onceEach(options) {
  const own = hasShortcut(options) ? {} : options.scenarios ?? {};
  const scenarios = Object.entries(Object.keys(own).length > 0 ? own : { default: {} }).map(([name, { exec, tags, env, options: browser }]) => [
    name,
    prune({ executor: "per-vu-iterations", vus: 1, iterations: 1, exec, tags, env, options: browser }),
  ]);
  for (const name of LOAD_OPTIONS) {
    delete options[name];
  }
  delete options.thresholds;
  options.scenarios = Object.fromEntries(scenarios);
  options.httpDebug = "full";
}
