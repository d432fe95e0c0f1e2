// In the place of @types/node, which type packages of npm refer to: k6 is not Node.js, and has no process, Buffer, fetch or URL. Found first,
// since the folder of these types is the first that is looked in.
export {};
