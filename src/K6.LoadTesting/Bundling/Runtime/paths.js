// Makes relative paths mean in a bundle what they mean in the modules that went into it. Part of bundles whose modules
// open files. `folder` is always the folder of a module, relative to the bundle.

// The folder of the module whose top-level code runs: plain k6 starts relative paths there.
let running;

export function __k6sdk_enter(folder) {
  running = folder;
}

/** `open()` as the modules of a folder call it. */
export function __k6sdk_openFrom(folder, args) {
  // Not a tail call, nor is that of the caller: the embedded engine has no frames of these in a stack.
  const file = first(folders(folder), args[0], (path) => globalThis.open(path, ...args.slice(1)));
  return file;
}

/** k6/experimental/fs as the modules of a folder import it. */
export function __k6sdk_fsFrom(folder, fs) {
  const open = async (path) => {
    let failure;
    for (const candidate of isRelative(String(path)) ? folders(folder).map((start) => `${start}/${path}`) : [path]) {
      try {
        return await fs.open(candidate);
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  };
  return { open };
}

/** `import.meta.resolve()` as the modules of a folder call it. */
export function __k6sdk_resolveFrom(folder, specifier) {
  const resolve = import.meta[["res", "olve"].join("")]; // spelt so that the bundler leaves this one alone
  return resolve(/^\.\.?\//.test(specifier) ? `${folder}/${specifier}` : specifier);
}

/**
 * k6/net/grpc as the modules of a folder import it. Plain k6 starts at the script's folder (`roots`: the folders of the
 * scripts that may be running). The client of k6 takes no members of ours, so this one wraps it.
 */
export function __k6sdk_grpcFrom(folder, roots, grpc) {
  const native = Symbol("client of k6");

  class Client {
    constructor(...args) {
      Object.defineProperty(this, native, { value: new grpc.Client(...args) });
    }

    load(paths, ...files) {
      const given = paths && paths.length > 0 ? paths : ["."];
      const absolute = given[0] === "." && files.every((file) => !isRelative(String(file)));
      const folders = given.flatMap((path) => isRelative(String(path)) ? [folder, ...roots].map((root) => `${root}/${path}`) : [path]);
      return this[native].load(absolute ? paths : folders, ...files);
    }

    loadProtoset(path) {
      return first([folder, ...roots], path, (candidate) => this[native].loadProtoset(candidate));
    }
  }

  for (const name of ["connect", "close", "invoke", "asyncInvoke", "healthCheck"]) {
    Client.prototype[name] = function (...args) {
      return this[native][name](...args);
    };
  }

  function Stream(client, ...args) {
    return new grpc.Stream(client?.[native] ?? client, ...args);
  }

  return { Client, Stream };
}

/** The result of the first folder that does not fail; else the first failure. */
function first(folders, path, use) {
  let failure;
  for (const candidate of isRelative(String(path)) ? folders.map((folder) => `${folder}/${path}`) : [path]) {
    try {
      return use(candidate);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** The module's own folder, then the folder where plain k6 would look. */
const folders = (folder) => (running === undefined || running === folder ? [folder] : [folder, running]);
const isRelative = (path) => !/^([a-z][a-z0-9+.-]*:|[\\/])/i.test(path);
