// Who puts how much load on the application: the project's items and the scripts' own scenarios.

import { isSet, prune } from "./values.js";

// An item's load replaces these as a whole.
export const LOAD_OPTIONS = ["vus", "duration", "iterations", "stages", "scenarios"];

export function joinLoad(options, plan, scripts, report) {
  const shared = scripts.length > 1;
  const { items } = plan;
  const note = (item, names) =>
    report.scenarios.push({ item: item.name, script: scripts[item.script].path, names });

  // One script and nothing said about it: its options stay as they are, down to the names of its scenarios.
  if (!shared && items.every((item) => !item.load && !item.exec && !item.tags && !item.env)) {
    // k6 run assumes one virtual user here; k6 inspect does not, and calls the options invalid.
    if ((isSet(options.iterations) || isSet(options.duration)) && !isSet(options.vus)) {
      options.vus = 1;
    }
    const names = hasShortcut(options) ? [] : Object.keys(options.scenarios ?? {});
    items.forEach((item) => note(item, names.length > 0 ? names : ["default"]));
    return;
  }

  const scenarios = {};
  const owners = {};
  for (const item of items) {
    const script = scripts[item.script];
    const own = item.load ? { [item.name]: { ...item.load } } : scriptScenarios(script, item, shared);
    for (const [name, scenario] of Object.entries(own)) {
      if (owners[name]?.script === item.script && !item.load && !owners[name].load) {
        continue; // two items of one script that leave it its load
      }
      if (owners[name]) {
        throw new Error(
          `KSDK0221: two scenarios of one run are called '${name}': ${script.name} has one, and so has ` +
          `${scripts[owners[name].script].name}. Rename one, or give it a Test of its own.`,
        );
      }
      owners[name] = item;
      const exec = item.exec ?? scenario.exec ?? "default";
      scenarios[name] = prune({
        ...scenario,
        exec: shared ? script.prefix + exec : exec,
        tags: prune({ ...(shared ? script.options.tags : {}), ...scenario.tags, ...item.tags, ...(shared ? { script: script.key } : {}) }),
        env: prune({ ...scenario.env, ...item.env }),
      });
    }
    note(item, Object.keys(own));
  }
  for (const name of LOAD_OPTIONS) {
    delete options[name];
  }
  options.scenarios = scenarios;
}

/** The scenarios of a script, as k6 derives them from its options. */
export function scriptScenarios(script, item, shared) {
  const { vus, duration, iterations, stages, scenarios } = script.options;
  if (!hasShortcut(script.options) && scenarios && Object.keys(scenarios).length > 0) {
    return scenarios;
  }
  const ramp = Array.isArray(stages) && stages.length > 0;
  if ([isSet(iterations), isSet(duration) && !isSet(iterations), ramp].filter(Boolean).length > 1) {
    throw new Error(
      `KSDK0223: ${script.name} sets \`stages\` together with \`duration\` or \`iterations\`; k6 does not allow that. Keep one of them.`,
    );
  }
  let scenario = { executor: "per-vu-iterations" };
  if (isSet(iterations)) {
    scenario = { executor: "shared-iterations", vus: vus ?? 1, iterations, maxDuration: duration };
  } else if (isSet(duration)) {
    scenario = { executor: "constant-vus", vus: vus ?? 1, duration };
  } else if (ramp) {
    scenario = { executor: "ramping-vus", startVUs: vus, stages };
  } else if (isSet(vus)) {
    scenario = { executor: "shared-iterations", vus, iterations: vus };
  }
  return { [shared ? item.name : "default"]: scenario };
}

export function hasShortcut({ vus, duration, iterations, stages }) {
  return isSet(vus) || isSet(duration) || isSet(iterations) || (Array.isArray(stages) && stages.length > 0);
}
