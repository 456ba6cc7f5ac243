/** `node:zlib`, loaded at its first use: that takes 10 ms, and many a run finds nothing to do and needs none of it. */
export function nodeZlib(): typeof import("node:zlib") {
  return loaded ??= globalThis.process.getBuiltinModule("node:zlib");
}

let loaded: typeof import("node:zlib") | undefined;
