import type { SafePath } from "../../core/mod.ts";
import type { DirectoryEntry, FileEntry } from "../../metadata/mod.ts";
import type { DiskStat } from "../../sync/mod.ts";
import type { Folder } from "./folder.ts";

/**
 * What a disk makes of permissions and a time, shown by a file or folder of dfs's own, which nobody else changes.
 *
 * @param path Where it is made for that; whatever lies there goes.
 */
export function probeDisk(disk: Folder, path: SafePath, meant: FileEntry | DirectoryEntry): DiskStat {
  disk.removeAll(path);
  try {
    if (meant.kind === "directory") disk.makeDirectory(path);
    else disk.write(path, 0)[Symbol.dispose]();
    if (disk.keepsModes) unlessRefused(() => disk.setMode(path, meant.mode));
    if (meant.kind === "file") unlessRefused(() => disk.setTime(path, meant));
    return disk.stat(path);
  } finally {
    disk.removeAll(path);
  }
}

/** Lets a disk refuse what it cannot keep; a look at what it kept tells. */
export function unlessRefused(step: () => void): void {
  try {
    step();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotSupported)) throw cause;
  }
}
