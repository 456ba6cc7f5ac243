import { type Entry, type FileEntry, sameContent, sameEntry, sameTime } from "../../metadata/mod.ts";
import { mergedFile } from "./merged_file.ts";

/** What lives at a path on either side, and what lived there when they last agreed. */
export interface ThreeNodes {
  /** What both sides last agreed on. */
  readonly base: Entry | undefined;
  /** What the folder has. */
  readonly local: Entry | undefined;
  /** What the server has. */
  readonly remote: Entry | undefined;
}

/**
 * What is to become of a path: either it is plain what both sides shall have (`undefined` for nothing), or both hold
 * something that the other does not know, and a policy has to say.
 */
export type Decision =
  | { readonly settled: true; readonly entry: Entry | undefined }
  | { readonly settled: false; readonly local: Entry; readonly remote: Entry };

/**
 * Decides what becomes of a path.
 *
 * What one side alone changed, the other takes over. Where both changed it, content counts before times and
 * permissions: an edit outlives a deletion, a mere touch does not.
 */
export function decide({ base, local, remote }: ThreeNodes): Decision {
  if (sameEntry(local, remote) || sameEntry(base, remote)) return settled(local);
  if (sameEntry(base, local)) return settled(remote);
  if (local === undefined) return settled(isTouch(base, remote!) ? undefined : remote);
  if (remote === undefined) return settled(isTouch(base, local) ? undefined : local);
  if (sameContent(local, remote)) return settled(withAttributes({ base, local, remote }));
  if (base !== undefined && sameContent(base, local)) return settled(takeOver({ base, local, remote }, remote));
  if (base !== undefined && sameContent(base, remote)) return settled(takeOver({ base, local, remote }, local));
  return { settled: false, local, remote };
}

interface Both {
  readonly base: Entry | undefined;
  readonly local: Entry;
  readonly remote: Entry;
}

function settled(entry: Entry | undefined): Decision {
  return { settled: true, entry };
}

/** Whether only time or permissions differ; of a folder nothing else can. */
function isTouch(base: Entry | undefined, changed: Entry): boolean {
  return base !== undefined && sameContent(base, changed);
}

/** The content of one side, which alone changed it, with permissions that the other may have changed. */
function takeOver({ base, local, remote }: Both, changed: Entry): Entry {
  if (local.kind !== "file" || remote.kind !== "file" || changed.kind !== "file") return changed;
  return mergedFile({ base: fileOf(base), local, remote }, changed);
}

/** The same content with different times or permissions. */
function withAttributes({ base, local, remote }: Both): Entry {
  if (local.kind === "file" && remote.kind === "file") {
    const before = fileOf(base);
    const touchedHereOnly = before !== undefined && sameTime(remote, before) && sameContent(before, remote);
    return mergedFile({ base: before, local, remote }, touchedHereOnly ? local : remote);
  }
  if (local.kind === "directory" && remote.kind === "directory") {
    const changedHereOnly = base?.kind === "directory" && remote.mode === base.mode;
    return changedHereOnly ? local : remote;
  }
  return remote;
}

function fileOf(entry: Entry | undefined): FileEntry | undefined {
  return entry?.kind === "file" ? entry : undefined;
}
