import type { EventBus } from "../../events/mod.ts";
import type { Commit, CommitReceipt } from "../../metadata/mod.ts";

/** A commit that was applied. */
export interface AppliedCommit {
  readonly space: string;
  readonly commit: Commit;
  readonly receipt: CommitReceipt;
  readonly durationMs: number;
}

/** Tells everybody who listens what a commit changed. */
export function announceCommit(events: EventBus, applied: AppliedCommit): void {
  const { space, commit, receipt, durationMs } = applied;
  const { revision } = receipt;
  const { client } = commit;
  let bytes = 0;
  for (const [path, entry] of commit.puts) {
    const size = entry.kind === "file" ? entry.size : 0;
    bytes += size;
    const hash = entry.kind === "file" ? { hash: entry.content as string } : {};
    events.emit("file.modified", { space, path, kind: entry.kind, size, revision, client, ...hash });
  }
  for (const path of commit.deletes) events.emit("file.deleted", { space, path, revision, client });
  events.emit("commit.applied", {
    space,
    revision,
    client,
    added: 0,
    modified: commit.puts.size,
    deleted: commit.deletes.size,
    bytes,
    durationMs,
  });
}
