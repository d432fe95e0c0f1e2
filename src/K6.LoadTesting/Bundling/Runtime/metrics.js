// What our reports need of the engine beside what the script asks for.

import { parseMetric } from "./thresholds.js";
import { union } from "./values.js";

export const DEFAULT_STATS = ["avg", "min", "med", "max", "p(90)", "p(95)"];
export const DEFAULT_SYSTEM_TAGS = [
  "proto", "subproto", "status", "method", "url", "name", "group", "check", "error", "error_code",
  "tls_version", "scenario", "service", "expected_response",
];
const OPTIONAL_SYSTEM_TAGS = ["iter", "vu", "ocsp_status", "ip"];
// With more scenarios, submetrics of ours would cost the engine more than they tell.
const MAX_DETAILED_SCENARIOS = 15;

// More requests than these get no rows of their own: each costs the engine, on every sample.
const MAX_ENDPOINTS = 200;

export function addSubmetrics(options, report, scripts, endpoints, measured) {
  const names = [...new Set(report.scenarios.flatMap((entry) => entry.names))];
  const metrics = names.length > MAX_DETAILED_SCENARIOS
    ? ["iterations"]
    : ["iterations", "http_reqs", "http_req_duration", "http_req_failed"];
  const thresholds = { ...options.thresholds };
  const add = (key) => {
    if (!(key in thresholds)) {
      thresholds[key] = [];
      report.submetrics.push(key);
    }
  };
  for (const name of names) {
    for (const metric of metrics) {
      add(`${metric}{scenario:${name}}`);
    }
  }
  let room = MAX_ENDPOINTS;
  scripts.forEach((script, index) => {
    for (const { names: own } of report.scenarios.filter((entry) => entry.script === script.path)) {
      for (const scenario of own) {
        for (const endpoint of endpoints[index].slice(0, Math.max(0, room))) {
          // As a threshold on the request alone would be written, where that says the same.
          const tags = names.length > 1 ? `{name:${endpoint},scenario:${scenario}}` : `{name:${endpoint}}`;
          add(`http_req_duration${tags}`);
          add(`http_req_failed${tags}`);
          room--;
        }
      }
    }
  });
  measured.forEach(add);
  options.thresholds = thresholds;
}

/** What touched which operation of an OpenAPI document; `covered` are the keys of the submetrics, none of the user's business. */
export function addCoverage(options, plan, report) {
  if (plan.covered) {
    options.thresholds = { ...options.thresholds, ...Object.fromEntries(plan.covered.map((key) => [key, []])) };
    report.submetrics.push(plan.covered[0].split("{")[0], ...plan.covered);
  }
}

export function addTrendStats(options, report) {
  const wanted = [...DEFAULT_STATS, "count", "p(99)", "p(99.9)"];
  for (let percentile = 2; percentile <= 98; percentile += 2) {
    wanted.push(`p(${percentile})`);
  }
  for (const list of Object.values(options.thresholds ?? {})) {
    for (const entry of Array.isArray(list) ? list : []) {
      const percentile = /^\s*(p\([0-9.]+\))/.exec(entry?.threshold ?? entry);
      if (percentile) {
        wanted.push(percentile[1]);
      }
    }
  }
  const own = Array.isArray(options.summaryTrendStats) ? options.summaryTrendStats : DEFAULT_STATS;
  report.trendStats = union(wanted, []).filter((stat) => !own.includes(stat));
  options.summaryTrendStats = [...own, ...report.trendStats];
}

/** Tags of every sample by which what was streamed elsewhere is found again; only a run with outputs has some. */
export function addLabels(options) {
  const labels = __ENV.K6SDK_LABELS;
  if (labels) {
    options.tags = { ...options.tags, ...JSON.parse(labels) };
  }
}

/** Submetrics need their tags: the scenario's, and every system tag that a threshold names. */
export function addSystemTags(options) {
  const used = Object.keys(options.thresholds ?? {}).flatMap((key) => parseMetric(key)?.tags.map(([tag]) => tag) ?? []);
  const known = [...DEFAULT_SYSTEM_TAGS, ...OPTIONAL_SYSTEM_TAGS];
  const needed = ["scenario", ...used.filter((tag) => known.includes(tag))];
  const own = Array.isArray(options.systemTags) ? options.systemTags : DEFAULT_SYSTEM_TAGS;
  if (needed.some((tag) => !own.includes(tag))) {
    options.systemTags = union(own, needed);
  }
}
