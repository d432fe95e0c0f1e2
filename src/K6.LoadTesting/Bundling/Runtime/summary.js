// handleSummary: ours first, then the scripts' own.

import { pick } from "./script.js";
import { clone, milliseconds, throwLater } from "./values.js";

/** Where our copy of the summary goes; undefined when no run of ours asks for it. */
export const summaryFile = () => (typeof __ENV === "undefined" ? undefined : __ENV.K6SDK_SUMMARY);

// k6 prints about one number in ten thousand one unit of its last digit off; 17 digits, as text, are right.
const exactNumbers = (key, value) =>
  typeof value === "number" && Number.isFinite(value) && Number(String(value)) !== value ? value.toPrecision(17) : value;

export function summarize(data, scripts, options, report) {
  const file = summaryFile();
  const ours = {};
  if (file) {
    // Without setup's data, which often holds a token; and before the user's code can change anything.
    ours[file] = JSON.stringify({ ...data, setup_data: undefined }, exactNumbers);
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
  // No "delete x?.y" in these modules: k6 1.0 and 1.3 delete nothing then.
  const copy = clone(data);
  const metrics = copy.metrics ?? {};
  if (shared && copy.setup_data) {
    copy.setup_data = copy.setup_data[script.key];
  }
  for (const key of report.submetrics) {
    delete metrics[key];
  }
  for (const metric of Object.values(metrics)) {
    if (metric.type === "trend" && metric.values) {
      report.trendStats.forEach((stat) => delete metric.values[stat]);
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
