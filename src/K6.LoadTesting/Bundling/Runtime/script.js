// A script as the entry module sees it.

/** What a script exports under a name; CommonJS modules put everything below `default`, some of them twice. */
export function pick(module, name) {
  const main = module.default;
  if (name === "default") {
    return typeof main === "function" ? main : (main?.default ?? main);
  }
  return module[name] ?? main?.[name];
}

export function readOptions(script) {
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

/** The absolute path of a file that is named relative to the bundle. */
export function absolute(file) {
  const resolve = import.meta[["res", "olve"].join("")]; // spelt so that the bundler leaves this one alone
  if (typeof resolve !== "function") {
    return file;
  }
  const path = decodeURIComponent(resolve(file).replace(/^file:\/\//, ""));
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
}
