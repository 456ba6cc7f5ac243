import type { SafePath } from "../../core/mod.ts";
import type { EventBus } from "../../events/mod.ts";
import type { Commit, CommitReceipt, Entry } from "../../metadata/mod.ts";

/** A commit that was applied. */
export interface AppliedCommit {
  readonly space: string;
  readonly commit: Commit;
  readonly receipt: CommitReceipt;
  readonly durationMs: number;
}

/** Tells everybody who listens what a commit changed; nothing if it changed nothing. */
export function announceCommit(events: EventBus, applied: AppliedCommit): void {
  const { space, commit, receipt, durationMs } = applied;
  const { revision, added, modified, deleted, contents } = receipt;
  const { client } = commit;
  if (added.size + modified.size + deleted.size === 0) return;
  let bytes = 0;
  const payload = (path: SafePath, entry: Entry) => {
    if (entry.kind !== "file") return { space, path, kind: entry.kind, size: 0, revision, client };
    bytes += entry.size;
    return { space, path, kind: entry.kind, size: entry.size, hash: entry.content as string, revision, client };
  };
  if (events.wants("upload.completed")) {
    for (const path of contents) {
      const entry = commit.puts.get(path);
      if (entry?.kind !== "file") continue;
      events.emit("upload.completed", { space, path, size: entry.size, hash: entry.content, client });
    }
  }
  for (const path of added) events.emit("file.added", payload(path, commit.puts.get(path)!));
  for (const path of modified) events.emit("file.modified", payload(path, commit.puts.get(path)!));
  for (const path of deleted) events.emit("file.deleted", { space, path, revision, client });
  events.emit("commit.applied", {
    space,
    revision,
    client,
    added: added.size,
    modified: modified.size,
    deleted: deleted.size,
    bytes,
    durationMs,
  });
}
