// Thresholds of project and scripts, each under one spelling of its metric.

import { prune } from "./values.js";

// k6 gives these no tags of a scenario.
const UNTAGGED_METRICS = ["vus", "vus_max"];

/** Puts all thresholds into the options; returns the parts of metrics that are only to be measured, since others judge them. */
export function joinThresholds(options, plan, windows, scripts, report) {
  const measured = (plan.measured ?? []).map(canonical);
  const shared = scripts.length > 1;
  const merged = new Map();
  const add = (metric, entry) => {
    const entries = merged.get(metric) ?? [];
    merged.set(metric, entries);
    const twin = entries.find((other) => other.threshold === entry.threshold);
    if (!twin) {
      entries.push(entry);
    } else if (entry.abortOnFail && !twin.abortOnFail) {
      Object.assign(twin, entry);
    }
  };

  for (const script of scripts) {
    for (const [written, list] of Object.entries(script.options.thresholds ?? {})) {
      if (!Array.isArray(list)) {
        merged.set(written, list); // k6 words this error
        continue;
      }
      const metric = shared ? scopeToScript(written, script, report) : canonical(written);
      if (!merged.has(metric)) {
        merged.set(metric, []);
      }
      for (const item of list) {
        const entry = typeof item === "object" && item !== null ? { ...item } : { threshold: item };
        add(metric, entry);
        report.thresholds.push({
          source: "script", script: script.path, written, metric,
          expression: String(entry.threshold), abortOnFail: Boolean(entry.abortOnFail),
        });
      }
    }
  }

  for (const threshold of plan.thresholds) {
    const scope = (metric) => {
      const scoped = scopeToItem({ ...threshold, metric }, plan, options, scripts, report);
      return threshold.window ? withTag(scoped, windows.get(threshold.window.text).tag, threshold.window.text) : scoped;
    };
    const metric = scope(threshold.metric);
    const per = threshold.per && scope(threshold.per);
    for (const each of eachOf(threshold, report)) {
      const one = each === undefined ? metric : withTag(metric, threshold.forEach.tag, each);
      if (threshold.judge === "engine") {
        add(one, prune({
          threshold: threshold.expression,
          abortOnFail: threshold.abortOnFail || undefined,
          delayAbortEval: threshold.delayAbortEval,
        }));
      } else if (threshold.judge === "summary") {
        measured.push(...[one, per].filter((key) => key?.includes("{")));
      }
      report.thresholds.push(prune({ source: "project", index: threshold.index, metric: one, expression: threshold.expression, per, each }));
    }
  }

  if (merged.size > 0) {
    options.thresholds = Object.fromEntries(
      [...merged].map(([metric, list]) => [metric, Array.isArray(list) ? list.map(shorten) : list]),
    );
  }
  return measured;
}

/** The windows that thresholds name, each once, with the tag that marks it. */
export function windowsOf(thresholds) {
  const windows = new Map();
  for (const { window } of thresholds) {
    if (window && !windows.has(window.text)) {
      windows.set(window.text, { ...window, tag: windows.size === 0 ? "k6sdk_window" : `k6sdk_window${windows.size + 1}` });
    }
  }
  return windows;
}

/** The values for each of which a threshold is declared; once undefined for one that is not. */
function eachOf({ forEach, scenario }, report) {
  if (!forEach || (!forEach.values && forEach.tag !== "scenario")) {
    return [undefined];
  }
  return forEach.values ?? [...new Set(report.scenarios.filter((entry) => !scenario || entry.item === scenario).flatMap((entry) => entry.names))];
}

const shorten = (entry) => (Object.keys(entry).length === 1 && "threshold" in entry ? entry.threshold : entry);

/** A threshold of one script judges that script alone. */
function scopeToScript(written, script, report) {
  const parsed = parseMetric(written);
  const names = report.scenarios.filter((entry) => entry.script === script.path).flatMap((entry) => entry.names);
  if (names.length === 1 && parsed?.tags.some(([key, value]) => key === "scenario" && value === "default")) {
    return formatMetric(parsed, ["scenario", names[0]]); // alone, the script's scenario is called default
  }
  if (!parsed || UNTAGGED_METRICS.includes(parsed.name) || parsed.tags.some(([key]) => key === "scenario" || key === "script")) {
    return canonical(written);
  }
  if (parsed.name === "dropped_iterations") {
    // k6 gives it the scenario's name, but not the scenario's tags.
    return names.length === 1 ? formatMetric(parsed, ["scenario", names[0]]) : canonical(written);
  }
  return formatMetric(parsed, ["script", script.key]);
}

function scopeToItem(threshold, plan, options, scripts, report) {
  if (!threshold.scenario) {
    return canonical(threshold.metric);
  }
  const parsed = parseMetric(threshold.metric);
  const item = plan.items.find((candidate) => candidate.name === threshold.scenario);
  const names = report.scenarios.find((entry) => entry.item === threshold.scenario)?.names ?? [];
  if (!parsed || !item) {
    return canonical(threshold.metric);
  }
  if (options.scenarios?.[item.name]) {
    return formatMetric(parsed, ["scenario", item.name]);
  }
  if (!item.load && names.length === 1) {
    return formatMetric(parsed, ["scenario", names[0]]);
  }
  return scripts.length > 1 ? formatMetric(parsed, ["script", scripts[item.script].key]) : formatMetric(parsed);
}

/** `name{a:b, "c":d}` in parts, or null when k6 would not understand it either. */
export function parseMetric(text) {
  const match = /^\s*([^{}]*?)\s*(?:\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\})?\s*$/.exec(text);
  if (!match || match[2] === undefined) {
    return match ? { name: match[1], tags: [] } : null;
  }
  const tags = match[2].split(",").map((tag) => {
    const colon = tag.indexOf(":");
    return colon < 0 ? [unquote(tag), undefined] : [unquote(tag.slice(0, colon)), unquote(tag.slice(colon + 1))];
  });
  return tags.some(([key, value]) => key === "" || value === undefined) ? null : { name: match[1], tags };
}

function formatMetric({ name, tags }, extra) {
  const all = extra ? [...tags.filter(([key]) => key !== extra[0]), extra] : [...tags];
  all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return all.length > 0 ? `${name}{${all.map((tag) => tag.join(":")).join(",")}}` : name;
}

function withTag(metric, key, value) {
  const parsed = parseMetric(metric);
  return parsed ? formatMetric(parsed, [key, value]) : metric;
}

/** One spelling for each submetric: k6 silently drops one of two thresholds whose keys differ in spaces or order only. */
function canonical(text) {
  const parsed = parseMetric(text);
  return parsed ? formatMetric(parsed) : text;
}

const unquote = (text) => text.trim().replace(/^(["'])(.*)\1$/, "$2");
