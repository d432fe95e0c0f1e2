// Options of a run with several scripts.

import { LOAD_OPTIONS } from "./load.js";
import { DEFAULT_STATS, DEFAULT_SYSTEM_TAGS } from "./metrics.js";
import { same, union } from "./values.js";

// Joined elsewhere; every other option has to be the same in all scripts of a run.
const JOINED_OPTIONS = [...LOAD_OPTIONS, "thresholds", "tags", "systemTags", "summaryTrendStats", "ext"];

/** The options without load, thresholds and tags. */
export function joinOptions(scripts) {
  const joined = {};
  const owner = {};
  for (const script of scripts) {
    for (const [name, value] of Object.entries(script.options)) {
      if (JOINED_OPTIONS.includes(name) || value === undefined || value === null) {
        continue;
      }
      if (name in joined && !same(joined[name], value)) {
        throw new Error(
          `KSDK0220: ${owner[name].name} and ${script.name} set the option '${name}' differently, and they share one run. ` +
          "Set it alike, or give the scenarios a Test of their own.",
        );
      }
      joined[name] = value;
      owner[name] = script;
    }
    const { systemTags, summaryTrendStats, ext } = script.options;
    if (Array.isArray(systemTags)) {
      joined.systemTags = union(joined.systemTags ?? [], systemTags);
    }
    if (Array.isArray(summaryTrendStats)) {
      joined.summaryTrendStats = union(joined.summaryTrendStats ?? [], summaryTrendStats);
    }
    if (ext) {
      joined.ext = { ...joined.ext, ...ext };
    }
  }
  // A script that leaves an option to k6 relies on k6's default.
  if (joined.systemTags && scripts.some((script) => !script.options.systemTags)) {
    joined.systemTags = union(DEFAULT_SYSTEM_TAGS, joined.systemTags);
  }
  if (joined.summaryTrendStats && scripts.some((script) => !script.options.summaryTrendStats)) {
    joined.summaryTrendStats = union(DEFAULT_STATS, joined.summaryTrendStats);
  }
  return joined;
}
