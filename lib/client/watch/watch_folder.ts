import { relative } from "@std/path";
import { stagedPrefix, stateDirectoryName } from "../../sync/mod.ts";
import { wakeFileName } from "../wake.ts";

/** What a watcher tells: that from here on it sees all; that something changed; that it missed what changed. */
export type FolderChange = "began" | "changed" | "missed";

/** Tells of changes in a folder until the signal ends it; throws what the platform throws if it cannot. */
export type FolderWatcher = (root: string, signal: AbortSignal) => AsyncIterable<FolderChange>;

/**
 * Watches a folder by the platform's means (inotify, FSEvents, ReadDirectoryChangesW). What dfs does in its own folder of
 * state is not told of.
 */
export async function* watchFolder(root: string, signal: AbortSignal): AsyncIterable<FolderChange> {
  using watcher = Deno.watchFs(root, { recursive: true });
  const close = (): void => {
    try {
      watcher.close();
    } catch (cause) {
      // It was closed by the other side.
      if (!(cause instanceof Deno.errors.BadResource)) throw cause;
    }
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    if (signal.aborted) return;
    yield "began";
    for await (const { kind, paths, flag } of watcher) {
      if (flag === "rescan") yield "missed";
      else if (kind !== "access" && paths.some((path) => isForeign(relative(root, path)))) yield "changed";
    }
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** Whether a path is none of those that dfs itself writes to while it works. */
function isForeign(path: string): boolean {
  const names = path.split(/[/\\]/);
  if (names[0] === stateDirectoryName) return names[1] === wakeFileName;
  return !names.at(-1)!.startsWith(stagedPrefix);
}
