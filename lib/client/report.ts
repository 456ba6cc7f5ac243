import type { Hash } from "../core/mod.ts";
import type { PathChange, ScanProblem } from "../sync/mod.ts";
import type { Conflict } from "../sync/reconcile/mod.ts";
import type { Side } from "./workspace/mod.ts";
import type { Direction } from "./strategy.ts";

/** A change, and the side that it was made on. */
export interface SidedChange extends PathChange {
  /** `server`: it went up; `folder`: it came down. */
  readonly side: Side;
}

/** What a push, a pull or a two-way run did, or with `dryRun` would do. */
export interface SyncReport {
  /** Which side was made like the other: `push` the space, `pull` the folder, `sync` each like the other. */
  readonly direction: Direction;
  /** Whether nothing was changed, and the rest says what would have been. */
  readonly dryRun: boolean;
  /** The revision both sides stand at; of a dry run, the one the server stands at. */
  readonly revision: number;
  /** The Merkle hash of the space at that revision. */
  readonly root: Hash;
  /** Whether folder and space were proven equal at that revision: their root hashes are. */
  readonly synchronized: boolean;
  /** What changed, sorted by path. */
  readonly changes: readonly SidedChange[];
  /** Where both sides had changed the same, and what became of it. */
  readonly conflicts: readonly Conflict[];
  /** What could not be read or written, and was left as it was. */
  readonly problems: readonly ScanProblem[];
  /** Bytes of file content that went to the server, as they are in the files. */
  readonly sentBytes: number;
  /** Bytes of file content that came from the server, as they are in the files. */
  readonly fetchedBytes: number;
  /** Files in the space. */
  readonly files: number;
  /** Bytes of all files in the space. */
  readonly totalBytes: number;
}

/** Told while a run is under way. */
export interface ProgressListener {
  /** What the run is at. */
  phase(phase: "scan" | "compare" | "transfer" | "commit" | "apply" | "remember"): void;
  /** What lies ahead, once it is known. */
  expect(total: { readonly files: number; readonly bytes: number }): void;
  /** Some more is done. */
  advance(done: { readonly files?: number; readonly bytes?: number }): void;
}

/** Listens to nothing. */
export const silentProgress: ProgressListener = { phase() {}, expect() {}, advance() {} };
