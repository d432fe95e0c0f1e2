// Joins what a project declares with what its scripts export. Part of every bundle; runs in the engine, after the
// scripts' own code. docs/bundling.md says what it promises.

import { bind, setupAll, teardownAll } from "./lifecycle.js";
import { onceEach } from "./debug.js";
import { joinLoad } from "./load.js";
import { addCoverage, addLabels, addSubmetrics, addSystemTags, addTrendStats } from "./metrics.js";
import { joinOptions } from "./options.js";
import { absolute, pick, readOptions } from "./script.js";
import { summarize, summaryFile } from "./summary.js";
import { joinThresholds, windowsOf } from "./thresholds.js";
import { keepSteady, warmUpLength } from "./warm-up.js";

/**
 * Joins a test.
 * @param plan what the project declares: `{ items: [{ name, script, exec, load, tags, env }], thresholds, measured, debug, covered }`; thresholds are
 *   `{ index, metric, expression, judge, scenario, abortOnFail, delayAbortEval, window, forEach, per }`
 * @param scripts its scripts: `{ key, name, file, prefix, module }`; `file` is relative to the bundle
 * @param inWindows marks the windows of the load; only where a threshold has one
 */
export function join(plan, scripts, inWindows) {
  const shared = scripts.length > 1;
  for (const script of scripts) {
    script.path = absolute(script.file);
    script.options = readOptions(script);
  }

  const endpoints = scripts.map((script) => script.options.ext?.k6sdk?.endpoints ?? []);
  const report = { thresholds: [], scenarios: [], submetrics: [], trendStats: [] };
  const options = shared ? joinOptions(scripts) : { ...scripts[0].options };
  joinLoad(options, plan, scripts, report);
  const windows = windowsOf(plan.thresholds);
  let measured = [];
  const warmUp = warmUpLength();
  if (warmUp) {
    keepSteady(options, warmUp);
  } else if (plan.debug) {
    onceEach(options);
  } else {
    measured = joinThresholds(options, plan, windows, scripts, report);
  }
  if (summaryFile() && !warmUp) {
    addSubmetrics(options, report, scripts, endpoints, measured);
    addCoverage(options, plan, report);
    addTrendStats(options, report);
  }
  addSystemTags(options);
  addLabels(options);
  options.ext = { ...options.ext, k6sdk: report };

  const hasSetup = scripts.some((script) => pick(script.module, "setup"));
  // Wrapped only where a window asks for it: a wrapper shows in stacks.
  const mark = (run) => (inWindows ? inWindows(run, windows, options) : run);
  return {
    options,
    /** The function that a script exports under a name, or undefined. */
    exec: (index, name) => mark(bind(scripts[index], pick(scripts[index].module, name), shared && hasSetup)),
    setup: shared ? () => setupAll(scripts) : pick(scripts[0].module, "setup"),
    teardown: shared ? (data) => teardownAll(scripts, data) : pick(scripts[0].module, "teardown"),
    handleSummary: (data) => (warmUp ? {} : summarize(data, scripts, options, report)),
  };
}
