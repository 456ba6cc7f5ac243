/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
export type Hash = string & { readonly __brand: "Hash" };

/** Length of a {@linkcode Hash} in bytes, as it travels and as it is stored. */
export const hashBytes = 32;

/** The SHA-256 of no bytes. */
export const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" as Hash;

/**
 * SHA-256 of some bytes, at once.
 *
 * `node:crypto` rather than Web Crypto: for the many small pieces of a tree a promise a piece costs more than the hash
 * (measured: 1.15 GB/s against 0.05 GB/s on pieces of 4 KiB). For large pieces see {@linkcode sha256Async}.
 *
 * @example
 * ```ts
 * import { sha256 } from "./hash.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(sha256(new Uint8Array()).slice(0, 8), "e3b0c442");
 * ```
 */
export function sha256(bytes: Uint8Array): Hash {
  return nodeCrypto().hash("sha256", bytes, "hex") as Hash;
}

/** A SHA-256 that is reckoned piece by piece. */
export interface RunningHash {
  /** Takes in the next bytes. */
  update(bytes: Uint8Array): void;
  /** The hash of all of them; nothing can be taken in afterwards. */
  digest(): Hash;
}

/** Begins the SHA-256 of bytes that come in pieces. */
export function startSha256(): RunningHash {
  const hash = nodeCrypto().createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("hex") as Hash };
}

/** SHA-256 of some bytes by Web Crypto, on a thread of its own: other work goes on meanwhile. Pays from 64 KiB. */
export async function sha256Async(bytes: Uint8Array<ArrayBuffer>): Promise<Hash> {
  return hashFromBytes(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Reads a hash from its 32 bytes. */
export function hashFromBytes(bytes: Uint8Array): Hash {
  if (bytes.length !== hashBytes) throw new RangeError(`A hash has ${hashBytes} bytes, not ${bytes.length}`);
  return bytes.toHex() as Hash;
}

/** The 32 bytes of a hash. */
export function hashToBytes(hash: Hash): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(hash);
}

/**
 * Reads a hash as people write it: 64 hexadecimal digits, with or without `sha256:` before them.
 *
 * @returns The hash, or `undefined` if the text is none.
 */
export function parseHash(text: string): Hash | undefined {
  const digits = text.startsWith("sha256:") ? text.slice(7) : text;
  return /^[0-9a-fA-F]{64}$/.test(digits) ? digits.toLowerCase() as Hash : undefined;
}

/** Writes a hash as people read it: `sha256:` and 64 hexadecimal digits. */
export function formatHash(hash: Hash): string {
  return `sha256:${hash}`;
}

/** Loaded at its first use, as that takes 10 ms: many a run finds nothing to do and hashes nothing. */
function nodeCrypto(): typeof import("node:crypto") {
  return loaded ??= globalThis.process.getBuiltinModule("node:crypto");
}

let loaded: typeof import("node:crypto") | undefined;
