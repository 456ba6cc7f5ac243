import { relative } from "@std/path";
import { stateDirectoryName } from "../../sync/mod.ts";
import { FolderWatches } from "./folder_watches.ts";
import { type FolderChange, SeenChanges } from "./seen_changes.ts";

/** Tells of changes in a folder until the signal ends it; throws what the platform throws if it cannot. */
export type FolderWatcher = (root: string, signal: AbortSignal) => AsyncIterable<FolderChange>;

/**
 * Watches a folder by the platform's means: inotify, FSEvents, ReadDirectoryChangesW. What dfs does in its own folder of
 * state is not told of.
 */
export const watchFolder: FolderWatcher = Deno.build.os === "linux" ? watchEachFolder : watchTree;

/** Watches by inotify, folder by folder. */
async function* watchEachFolder(root: string, signal: AbortSignal): AsyncIterable<FolderChange> {
  if (signal.aborted) return;
  const own = `${root}/${stateDirectoryName}/`;
  using watches = new FolderWatches(root, (folder) => folder.startsWith(own));
  const fromRoot = (path: string): string => path.slice(root.length + 1);
  const end = (): void => watches.end();
  signal.addEventListener("abort", end);
  try {
    yield { kind: "began" };
    while (!signal.aborted) {
      await watches.wait();
      if (signal.aborted) return;
      const { events, begun, missed } = watches.take();
      const seen = new SeenChanges();
      if (missed) seen.miss();
      for (const { folder, name, isFolder } of events) seen.add(fromRoot(`${folder}/${name}`), isFolder);
      for (const folder of begun) seen.add(fromRoot(folder), true);
      const change = seen.change();
      if (change !== undefined) yield change;
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Watches the whole tree at once, as Windows and macOS can. */
export async function* watchTree(root: string, signal: AbortSignal): AsyncIterable<FolderChange> {
  if (signal.aborted) return;
  using watcher = Deno.watchFs(root);
  const end = (): void => watcher.close();
  signal.addEventListener("abort", end);
  try {
    yield { kind: "began" };
    for await (const { kind, flag, paths } of watcher) {
      const seen = new SeenChanges();
      if (flag === "rescan" || kind === "other") seen.miss();
      for (const path of kind === "access" ? [] : paths) seen.add(relative(root, path).replaceAll("\\", "/"), true);
      const change = seen.change();
      if (change !== undefined) yield change;
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
}
