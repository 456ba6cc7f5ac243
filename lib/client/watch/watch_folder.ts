import { relative } from "@std/path";
import { stagedPrefix, stateDirectoryName } from "../../sync/mod.ts";
import { wakeFileName } from "../wake.ts";
import { FolderWatches, type SeenEvent } from "./folder_watches.ts";

/** What a watcher tells: that from here on it sees all; that something changed; that it missed what changed. */
export type FolderChange = "began" | "changed" | "missed";

/** Tells of changes in a folder until the signal ends it; throws what the platform throws if it cannot. */
export type FolderWatcher = (root: string, signal: AbortSignal) => AsyncIterable<FolderChange>;

/**
 * Watches a folder by the platform's means (inotify, FSEvents, ReadDirectoryChangesW). What dfs does in its own folder of
 * state is not told of.
 */
export async function* watchFolder(root: string, signal: AbortSignal): AsyncIterable<FolderChange> {
  if (signal.aborted) return;
  using watches = openWatches(root);
  const close = (): void => watches.close();
  signal.addEventListener("abort", close);
  try {
    yield "began";
    for (let seen = await watches.next(); seen !== undefined; seen = await watches.next()) {
      if (seen.some(({ flag }) => flag === "rescan")) yield "missed";
      else if (seen.some((event) => isChange(root, event))) yield "changed";
    }
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** What is watched by: folder by folder where the platform would follow links, and the whole tree at once elsewhere. */
function openWatches(root: string): FolderWatches {
  const own = `${root}/${stateDirectoryName}/`;
  return new FolderWatches(root, { each: Deno.build.os === "linux", leaveOut: (folder) => folder.startsWith(own) });
}

function isChange(root: string, { kind, paths }: SeenEvent): boolean {
  return kind !== "access" && paths.some((path) => isForeign(relative(root, path)));
}

/** Whether a path is none of those that dfs itself writes to while it works. */
function isForeign(path: string): boolean {
  const names = path.split(/[/\\]/);
  if (names[0] === stateDirectoryName) return names[1] === wakeFileName;
  return !names.at(-1)!.startsWith(stagedPrefix);
}
