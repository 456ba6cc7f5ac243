import type { Hash, SafePath } from "../../core/mod.ts";
import type { FileTime } from "../../metadata/mod.ts";

/** A file as a client has it, with the time it was modified. */
export interface LocalFile extends FileTime {
  /** Where it lies in the space. */
  readonly path: SafePath;
  /** The SHA-256 of its content. */
  readonly hash: Hash;
  /** Its length in bytes. */
  readonly size: number;
  /** The version it goes back to; 0 if it is of the client's own making. */
  readonly version: number;
  /** Its permission bits, where the client told them. */
  readonly mode?: number;
}
