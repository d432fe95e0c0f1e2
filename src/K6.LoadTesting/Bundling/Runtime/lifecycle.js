// setup and teardown of several scripts, and who gets which data.

import { pick } from "./script.js";

/** Calls functions one after the other; waits only for promises, since k6 treats an exception and a rejection differently. */
function inTurn(calls) {
  for (let i = 0; i < calls.length; i++) {
    const result = calls[i]();
    if (typeof result?.then === "function") {
      return result.then(() => inTurn(calls.slice(i + 1)));
    }
  }
  return undefined;
}

export function setupAll(scripts) {
  const data = {};
  const keep = (script, value) => {
    if (value !== undefined) {
      data[script.key] = value; // k6 would make null of undefined
    }
  };
  const waiting = inTurn(scripts.map((script) => () => {
    const result = pick(script.module, "setup")?.();
    if (typeof result?.then === "function") {
      return result.then((value) => keep(script, value));
    }
    keep(script, result);
    return undefined;
  }));
  return waiting ? waiting.then(() => data) : data;
}

/** All scripts are torn down, and the first failure is that of the whole. */
export function teardownAll(scripts, data) {
  let failure;
  const fail = (error) => {
    if (failure) {
      console.error(String(error?.stack ?? error)); // only one can be the failure of the whole
    }
    failure ??= { error };
  };
  const end = () => {
    if (failure) {
      throw failure.error;
    }
  };
  const waiting = inTurn(scripts.map((script) => () => {
    try {
      const result = pick(script.module, "teardown")?.(data?.[script.key]);
      return typeof result?.then === "function" ? result.then(undefined, fail) : undefined;
    } catch (error) {
      fail(error);
      return undefined;
    }
  }));
  return waiting ? waiting.then(end) : end();
}

/** In a shared run, setup's data holds the data of each script. */
export function bind(script, run, split) {
  if (!split || typeof run !== "function") {
    return run;
  }
  return function (data) {
    return run.call(this, data?.[script.key]);
  };
}
