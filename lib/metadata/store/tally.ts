import type { Hash } from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import type { SpaceHead } from "./metadata_store.ts";
import type { VersionChange } from "./plan_directory.ts";

/** What a commit comes to. */
export interface Tally {
  /** Where the space stands afterwards; the very head that was given if nothing changes. */
  readonly head: SpaceHead;
  /** How many new versions are entries. */
  readonly puts: number;
  /** How many are deletions. */
  readonly deletes: number;
}

/** Where a {@linkcode tally} begins. */
export interface TallyOptions {
  /** Where the space stood. */
  readonly head: SpaceHead;
  /** The Merkle hash of the whole tree afterwards. */
  readonly root: Hash;
  /** When it is committed, in milliseconds since 1970. */
  readonly committedAtMs: number;
}

/** Counts the new versions of a commit, and brings the sums of the head up to date. */
export function tally(changes: Iterable<VersionChange>, { head, root, committedAtMs }: TallyOptions): Tally {
  let { files, entries, bytes } = head;
  let puts = 0;
  let deletes = 0;
  const count = (entry: Entry | undefined, sign: 1 | -1) => {
    if (entry === undefined) return;
    entries += sign;
    if (entry.kind !== "file") return;
    files += sign;
    bytes += sign * entry.size;
  };
  for (const { before, after } of changes) {
    if (after.entry) puts++;
    else deletes++;
    count(before?.entry, -1);
    count(after.entry, 1);
  }
  if (puts + deletes === 0) return { head, puts, deletes };
  const revision = head.revision + 1;
  return { head: { ...head, revision, root, files, entries, bytes, committedAtMs }, puts, deletes };
}
