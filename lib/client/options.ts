import type { Clock, SafePath } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { ConflictRules } from "../metadata/mod.ts";
import type { GuardLimits } from "./guards.ts";
import type { ChunkPacker } from "./transfer/mod.ts";
import type { ProgressListener } from "./report.ts";

/** Options of `push`, `pull` and `sync`. */
export interface TransferOptions {
  /** Tells the time for the stamps of files, for conflict copies and for what is announced. */
  readonly clock: Clock;
  /** Makes up the names of commits and runs, no two alike; at random unless told. */
  readonly newId?: () => string;
  /** Makes what packs chunks before they are sent; a thread of its own does unless told. */
  readonly packer?: () => ChunkPacker;
  /** Find out what would happen, and change nothing. */
  readonly dryRun?: boolean;
  /** Overwrite what the other side changed; a two-way run never does. */
  readonly force?: boolean;
  /** Read every file, whatever its times say. */
  readonly checksum?: boolean;
  /** How many deletions the user agreed to. */
  readonly confirmDeletes?: number | undefined;
  /** How many edits the user agreed to, where they are limited. */
  readonly confirmChanges?: number | undefined;
  /**
   * The directories in which something may have changed since the last run of the same client; nothing else in the folder
   * is looked at. All of it is unless given.
   */
  readonly changed?: ReadonlySet<SafePath> | undefined;
  /** Patterns of what is ignored here, beside the built-in ones and `.dfsignore` files. */
  readonly ignore?: readonly string[];
  /** Leave symbolic links alone, here and on the server. */
  readonly skipLinks?: boolean;
  /** From when on a run needs the user's word; the usual limits unless told. */
  readonly guards?: GuardLimits;
  /** What a two-way run does about conflicts; what the space says holds for the rest, and then the later write wins. */
  readonly conflicts?: ConflictRules;
  /** How many requests with content are on their way at once; 3 unless told. */
  readonly inFlight?: number;
  /** Told how far it is while files are read and bytes travel; nobody is unless given. */
  readonly progress?: ProgressListener;
  /** Where to tell how it began and ended; a dry run is not told of. */
  readonly events?: EventBus;
}
