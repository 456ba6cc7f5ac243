import { relative } from "@std/path";
import { baseName, parentPath, parseSafePath, rootPath, type SafePath } from "../../core/mod.ts";
import { ignoreFileName, stagedPrefix, stateDirectoryName } from "../../sync/mod.ts";
import { wakeFileName } from "../workspace/mod.ts";
import { FolderWatches, type SeenEvent } from "./folder_watches.ts";

/**
 * What a watcher tells: that from here on it sees all; that something changed, in these directories or in what is new in
 * them; that it missed what changed, or cannot say where.
 */
export type FolderChange =
  | { readonly kind: "began" | "missed" }
  | { readonly kind: "changed"; readonly directories: ReadonlySet<SafePath> };

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
    yield { kind: "began" };
    for (let seen = await watches.next(); seen !== undefined; seen = await watches.next()) {
      const change = changeOf(root, seen);
      if (change !== undefined) yield change;
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

/** What events come to; nothing if dfs itself made them all. */
function changeOf(root: string, seen: readonly SeenEvent[]): FolderChange | undefined {
  if (seen.some(({ flag, kind }) => flag === "rescan" || kind === "other")) return { kind: "missed" };
  const directories = new Set<SafePath>();
  for (const { kind, paths } of seen) {
    for (const path of kind === "access" ? [] : paths.map((one) => relative(root, one)).filter(isForeign)) {
      if (path === "") {
        directories.add(rootPath);
        continue;
      }
      const safe = parseSafePath(path.replaceAll("\\", "/"));
      // What is ignored from now on may be anywhere below, and so may be what dfs was woken for.
      if (!safe.ok || baseName(safe.value) === ignoreFileName || path.startsWith(stateDirectoryName)) {
        return { kind: "missed" };
      }
      // A folder is told of by its own path, or by that of what lies in it.
      directories.add(parentPath(safe.value));
      directories.add(safe.value);
    }
  }
  return directories.size === 0 ? undefined : { kind: "changed", directories };
}

/** Whether a path is none of those that dfs itself writes to while it works. */
function isForeign(path: string): boolean {
  const names = path.split(/[/\\]/);
  if (names[0] === stateDirectoryName) return names[1] === wakeFileName;
  return !names.at(-1)!.startsWith(stagedPrefix);
}
