// Joins what a project declares with what its scripts export. Part of every bundle; runs in the engine, after the
// scripts' own code. docs/bundling.md says what it promises.

const DEFAULT_STATS = ["avg", "min", "med", "max", "p(90)", "p(95)"];
const DEFAULT_SYSTEM_TAGS = [
  "proto", "subproto", "status", "method", "url", "name", "group", "check", "error", "error_code",
  "tls_version", "scenario", "service", "expected_response",
];
const OPTIONAL_SYSTEM_TAGS = ["iter", "vu", "ocsp_status", "ip"];
// k6 gives these no tags of a scenario.
const UNTAGGED_METRICS = ["vus", "vus_max"];
// The options that say how much load there is. An item's load replaces them as a whole.
const LOAD_OPTIONS = ["vus", "duration", "iterations", "stages", "scenarios"];
// The options that are joined; every other option has to be the same in all scripts of a run.
const JOINED_OPTIONS = [...LOAD_OPTIONS, "thresholds", "tags", "systemTags", "summaryTrendStats", "ext"];
// With more scenarios, submetrics of ours would cost the engine more than they tell.
const MAX_DETAILED_SCENARIOS = 15;

/**
 * Joins a test.
 * @param plan what the project declares: `{ items: [{ name, script, exec, load, tags, env }], thresholds }`
 * @param scripts its scripts: `{ key, name, file, prefix, module }`; `file` is relative to the bundle
 */
export function join(plan, scripts) {
  const shared = scripts.length > 1;
  for (const script of scripts) {
    script.path = absolute(script.file);
    script.options = readOptions(script);
  }

  const report = { thresholds: [], scenarios: [], submetrics: [], trendStats: [] };
  const options = shared ? joinOptions(scripts) : { ...scripts[0].options };
  joinLoad(options, plan, scripts, report);
  joinThresholds(options, plan, scripts, report);
  if (summaryFile()) {
    addSubmetrics(options, report);
    addTrendStats(options, report);
  }
  addSystemTags(options);
  options.ext = { ...options.ext, k6sdk: report };

  const hasSetup = scripts.some((script) => pick(script.module, "setup"));
  return {
    options,
    /** The function that a script exports under a name, or undefined. */
    exec: (index, name) => bind(scripts[index], pick(scripts[index].module, name), shared && hasSetup),
    setup: shared ? () => setupAll(scripts) : pick(scripts[0].module, "setup"),
    teardown: shared ? (data) => teardownAll(scripts, data) : pick(scripts[0].module, "teardown"),
    handleSummary: (data) => summarize(data, scripts, options, report),
  };
}

/** What a script exports under a name; CommonJS modules put everything below `default`, some of them twice. */
function pick(module, name) {
  const main = module.default;
  if (name === "default") {
    return typeof main === "function" ? main : (main?.default ?? main);
  }
  return module[name] ?? main?.[name];
}

function readOptions(script) {
  const options = pick(script.module, "options");
  if (options === undefined || options === null) {
    return {};
  }
  if (typeof options !== "object" || Array.isArray(options) || typeof options.then === "function") {
    const is = Array.isArray(options) ? "an array" : typeof options.then === "function" ? "a promise" : `a ${typeof options}`;
    const todo = typeof options.then === "function" ? " Await it at the top level of the script." : "";
    throw new Error(`KSDK0222: the options that ${script.name} exports are ${is}; k6 wants an object.${todo}`);
  }
  // A copy: exports may be frozen, and properties may be getters.
  return { ...options };
}

/** Options of a run with several scripts, without load, thresholds and tags. */
function joinOptions(scripts) {
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

// --- load ---------------------------------------------------------------------------------------------------------

function joinLoad(options, plan, scripts, report) {
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
function scriptScenarios(script, item, shared) {
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

function hasShortcut({ vus, duration, iterations, stages }) {
  return isSet(vus) || isSet(duration) || isSet(iterations) || (Array.isArray(stages) && stages.length > 0);
}

// --- thresholds ---------------------------------------------------------------------------------------------------

function joinThresholds(options, plan, scripts, report) {
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
    const metric = scopeToItem(threshold, plan, options, scripts, report);
    add(metric, prune({
      threshold: threshold.expression,
      abortOnFail: threshold.abortOnFail || undefined,
      delayAbortEval: threshold.delayAbortEval,
    }));
    report.thresholds.push({ source: "project", index: threshold.index, metric, expression: threshold.expression });
  }

  if (merged.size > 0) {
    options.thresholds = Object.fromEntries(
      [...merged].map(([metric, list]) => [metric, Array.isArray(list) ? list.map(shorten) : list]),
    );
  }
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
function parseMetric(text) {
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

/** One spelling for each submetric: k6 silently drops one of two thresholds whose keys differ in spaces or order only. */
function canonical(text) {
  const parsed = parseMetric(text);
  return parsed ? formatMetric(parsed) : text;
}

const unquote = (text) => text.trim().replace(/^(["'])(.*)\1$/, "$2");

// --- what our reports need ----------------------------------------------------------------------------------------

function addSubmetrics(options, report) {
  const names = [...new Set(report.scenarios.flatMap((entry) => entry.names))];
  const metrics = names.length > MAX_DETAILED_SCENARIOS
    ? ["iterations"]
    : ["iterations", "http_reqs", "http_req_duration", "http_req_failed"];
  const thresholds = { ...options.thresholds };
  for (const name of names) {
    for (const metric of metrics) {
      const key = `${metric}{scenario:${name}}`;
      if (!(key in thresholds)) {
        thresholds[key] = [];
        report.submetrics.push(key);
      }
    }
  }
  options.thresholds = thresholds;
}

function addTrendStats(options, report) {
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

/** Submetrics need their tags: the scenario's, and every system tag that a threshold names. */
function addSystemTags(options) {
  const used = Object.keys(options.thresholds ?? {}).flatMap((key) => parseMetric(key)?.tags.map(([tag]) => tag) ?? []);
  const known = [...DEFAULT_SYSTEM_TAGS, ...OPTIONAL_SYSTEM_TAGS];
  const needed = ["scenario", ...used.filter((tag) => known.includes(tag))];
  const own = Array.isArray(options.systemTags) ? options.systemTags : DEFAULT_SYSTEM_TAGS;
  if (needed.some((tag) => !own.includes(tag))) {
    options.systemTags = union(own, needed);
  }
}

// --- setup, teardown ----------------------------------------------------------------------------------------------

async function setupAll(scripts) {
  const data = {};
  for (const script of scripts) {
    const setup = pick(script.module, "setup");
    if (setup) {
      data[script.key] = await setup();
    }
  }
  return data;
}

async function teardownAll(scripts, data) {
  const errors = [];
  for (const script of scripts) {
    try {
      await pick(script.module, "teardown")?.(data?.[script.key]);
    } catch (error) {
      errors.push(error);
    }
  }
  errors.slice(1).forEach(throwLater);
  if (errors.length > 0) {
    throw errors[0];
  }
}

/** In a shared run, setup's data holds the data of each script. */
function bind(script, run, split) {
  if (!split || typeof run !== "function") {
    return run;
  }
  return function (data) {
    return run.call(this, data?.[script.key]);
  };
}

// --- handleSummary ------------------------------------------------------------------------------------------------

const summaryFile = () => (typeof __ENV === "undefined" ? undefined : __ENV.K6SDK_SUMMARY);

function summarize(data, scripts, options, report) {
  const file = summaryFile();
  const ours = {};
  if (file) {
    // Without setup's data, which often holds a token; and before the user's code can change anything.
    ours[file] = JSON.stringify({ ...data, setup_data: undefined });
  }

  const handlers = scripts.filter((script) => typeof pick(script.module, "handleSummary") === "function");
  if (handlers.length === 0) {
    return file ? ours : undefined; // undefined: k6 prints its own summary
  }

  const results = handlers.map((script) => {
    try {
      return pick(script.module, "handleSummary")(userData(data, script, scripts.length > 1, report));
    } catch (error) {
      throwLater(error);
      return undefined;
    }
  });
  const finish = (values) => {
    const all = values.map(userFiles).filter(Boolean);
    return all.length === 0 && !file ? undefined : Object.assign(joinFiles(all), ours);
  };
  return results.some((result) => typeof result?.then === "function")
    ? Promise.all(results.map((result) => settle(result, options))).then(finish)
    : finish(results);
}

/** The summary as the script would get it without us. */
function userData(data, script, shared, report) {
  const copy = clone(data);
  if (shared && copy.setup_data) {
    copy.setup_data = copy.setup_data[script.key];
  }
  for (const key of report.submetrics) {
    delete copy.metrics?.[key];
  }
  for (const metric of Object.values(copy.metrics ?? {})) {
    if (metric.type === "trend") {
      report.trendStats.forEach((stat) => delete metric.values?.[stat]);
    }
  }
  if (Array.isArray(copy.options?.summaryTrendStats)) {
    copy.options.summaryTrendStats = copy.options.summaryTrendStats.filter((stat) => !report.trendStats.includes(stat));
  }
  return copy;
}

/** k6 drops a whole result that has one bad value; here only the bad value is lost. */
function userFiles(result) {
  if (result === undefined || result === null) {
    return undefined;
  }
  if (typeof result !== "object" || Array.isArray(result)) {
    throwLater(new TypeError(`handleSummary returned ${Array.isArray(result) ? "an array" : `a ${typeof result}`}; k6 wants an object of file names and contents`));
    return undefined;
  }
  const files = {};
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === "string" || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      files[name] = value;
    } else {
      throwLater(new TypeError(`handleSummary returned no text for '${name}'; k6 wants a string or an ArrayBuffer`));
    }
  }
  return files;
}

function joinFiles(all) {
  const joined = {};
  for (const files of all) {
    for (const [name, value] of Object.entries(files)) {
      const both = (name === "stdout" || name === "stderr") && typeof joined[name] === "string" && typeof value === "string";
      joined[name] = both ? joined[name] + value : value;
    }
  }
  return joined;
}

/** Waits for a promise, but not for ever: k6 writes nothing at all when the summary never comes. */
function settle(result, options) {
  const timeout = options.handleSummaryTimeout === undefined ? 30000 : 0.9 * milliseconds(options.handleSummaryTimeout);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => {
      throwLater(new Error(`handleSummary did not end within ${Math.round(timeout / 100) / 10} s`));
      resolve(undefined);
    }, timeout);
  });
  const done = Promise.resolve(result).catch((error) => {
    throwLater(error);
    return undefined;
  });
  return Promise.race([done, late]).then((value) => {
    clearTimeout(timer);
    return value;
  });
}

/** The engine logs what a timer throws like any exception of the script, with its stack; the summary is written all the same. */
function throwLater(error) {
  setTimeout(() => {
    throw error;
  }, 0);
}

// --- small things -------------------------------------------------------------------------------------------------

const isSet = (value) => value !== undefined && value !== null;
const union = (first, second) => [...new Set([...first, ...second])];
const same = (left, right) => stable(left) === stable(right);

function stable(value) {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner);
}

/** Without members that are undefined; undefined when nothing is left. */
function prune(value) {
  const entries = Object.entries(value).filter(([, member]) => isSet(member));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function clone(value) {
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Array.isArray(value)
    ? value.map(clone)
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clone(member)]));
}

/** The absolute path of a file that is named relative to the bundle. */
function absolute(file) {
  const resolve = import.meta[["res", "olve"].join("")]; // spelt so that the bundler leaves this one alone
  if (typeof resolve !== "function") {
    return file;
  }
  const path = decodeURIComponent(resolve(file).replace(/^file:\/\//, ""));
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
}

/** A duration of k6 in milliseconds. */
function milliseconds(duration) {
  if (typeof duration === "number") {
    return duration;
  }
  const units = { d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1, us: 0.001, "µs": 0.001, ns: 0.000001 };
  let sum = 0;
  for (const [, number, unit] of String(duration).matchAll(/([0-9.]+)(d|h|ms|m|s|us|µs|ns)?/g)) {
    sum += Number(number) * (unit ? units[unit] : 1);
  }
  return sum;
}
