// The package's `crypto/mod.js` needs a WebAssembly file it does not carry; hashing is Web Crypto's own work anyway.
// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/crypto/timing_safe_equal.js";
