import type { SafePath } from "../../core/mod.ts";
import type { EventBus, EventMap } from "../../events/mod.ts";
import type { Commit, CommitReceipt, Entry } from "../../metadata/mod.ts";

/** A commit that was applied. */
export interface AppliedCommit {
  readonly space: string;
  readonly commit: Commit;
  readonly receipt: CommitReceipt;
  readonly durationMs: number;
}

/** Tells everybody who listens what a commit changed; nothing if it changed nothing. */
export function announceCommit(events: EventBus, { space, commit, receipt, durationMs }: AppliedCommit): void {
  const { revision, added, modified, deleted, contents } = receipt;
  const { client } = commit;
  if (added.size + modified.size + deleted.size === 0) return;
  const entryAt = (path: SafePath): Entry => commit.puts.get(path)!;
  // Of these there is one a file: where nobody wants them, not even their payload is made.
  if (events.wants("upload.completed")) {
    for (const path of contents) {
      const entry = entryAt(path);
      if (entry.kind !== "file") continue;
      events.emit("upload.completed", { space, path, size: entry.size, hash: entry.content, client });
    }
  }
  const payload = (path: SafePath) => ({ space, path, ...described(entryAt(path)), revision, client });
  if (events.wants("file.added")) { for (const path of added) events.emit("file.added", payload(path)); }
  if (events.wants("file.modified")) { for (const path of modified) events.emit("file.modified", payload(path)); }
  if (events.wants("file.deleted")) {
    for (const path of deleted) events.emit("file.deleted", { space, path, revision, client });
  }
  events.emit("commit.applied", {
    space,
    revision,
    client,
    added: added.size,
    modified: modified.size,
    deleted: deleted.size,
    uploads: contents.size,
    bytes: contentBytes(added, entryAt) + contentBytes(modified, entryAt),
    durationMs,
  });
}

function described(entry: Entry): Pick<EventMap["file.added"], "kind" | "size" | "hash"> {
  if (entry.kind !== "file") return { kind: entry.kind, size: 0 };
  return { kind: entry.kind, size: entry.size, hash: entry.content };
}

function contentBytes(paths: Iterable<SafePath>, entryAt: (path: SafePath) => Entry): number {
  let bytes = 0;
  for (const path of paths) {
    const entry = entryAt(path);
    if (entry.kind === "file") bytes += entry.size;
  }
  return bytes;
}
