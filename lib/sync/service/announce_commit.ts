import type { SafePath } from "../../core/mod.ts";
import type { EventBus, EventMap } from "../../events/mod.ts";
import type { Commit, CommitReceipt, Entry, FileEntry } from "../../metadata/mod.ts";

/** A commit that was applied. */
export interface AppliedCommit {
  readonly space: string;
  readonly commit: Commit;
  readonly receipt: CommitReceipt;
  readonly durationMs: number;
}

interface PutEntry {
  readonly path: SafePath;
  readonly entry: Entry;
}

/** Tells everybody who listens what a commit changed; nothing if it changed nothing. */
export function announceCommit(events: EventBus, { space, commit, receipt, durationMs }: AppliedCommit): void {
  const { revision, added, modified, deleted, contents } = receipt;
  const { client } = commit;
  if (added.size + modified.size + deleted.size === 0) return;
  const { puts } = commit;
  events.emitAll("upload.completed", filesAt(contents, puts), ({ path, file }) => {
    return { space, path, size: file.size, hash: file.content, client };
  });
  const payload = ({ path, entry }: PutEntry) => ({ space, path, ...described(entry), revision, client });
  events.emitAll("file.added", entriesAt(added, puts), payload);
  events.emitAll("file.modified", entriesAt(modified, puts), payload);
  events.emitAll("file.deleted", deleted, (path) => ({ space, path, revision, client }));
  events.emit("commit.applied", {
    space,
    revision,
    client,
    added: added.size,
    modified: modified.size,
    deleted: deleted.size,
    uploads: contents.size,
    bytes: contentBytes(added, puts) + contentBytes(modified, puts),
    durationMs,
  });
}

function described(entry: Entry): Pick<EventMap["file.added"], "kind" | "size" | "hash"> {
  if (entry.kind !== "file") return { kind: entry.kind, size: 0 };
  return { kind: entry.kind, size: entry.size, hash: entry.content };
}

function contentBytes(paths: Iterable<SafePath>, puts: Commit["puts"]): number {
  let bytes = 0;
  for (const { file } of filesAt(paths, puts)) bytes += file.size;
  return bytes;
}

function* filesAt(
  paths: Iterable<SafePath>,
  puts: Commit["puts"],
): Generator<{ readonly path: SafePath; readonly file: FileEntry }> {
  for (const { path, entry } of entriesAt(paths, puts)) if (entry.kind === "file") yield { path, file: entry };
}

function* entriesAt(paths: Iterable<SafePath>, puts: Commit["puts"]): Generator<PutEntry> {
  for (const path of paths) {
    const entry = puts.get(path);
    if (entry !== undefined) yield { path, entry };
  }
}
