import type { Hash, SafePath } from "../../core/mod.ts";

/** A file as a client has it. */
export interface LocalFile {
  /** Where it lies in the space. */
  readonly path: SafePath;
  /** The SHA-256 of its content. */
  readonly hash: Hash;
  /** Its length in bytes. */
  readonly size: number;
  /** The version it goes back to; 0 if it is of the client's own making. */
  readonly version: number;
  /** When it was modified, in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** Its permission bits, where the client told them. */
  readonly mode?: number;
}
