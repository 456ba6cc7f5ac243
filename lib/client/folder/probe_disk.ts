import type { SafePath } from "../../core/mod.ts";
import type { DirectoryEntry, FileEntry } from "../../metadata/mod.ts";
import type { DiskStat } from "../../sync/mod.ts";
import type { Folder } from "./folder.ts";
import { unlessRefused } from "./unless_refused.ts";

/**
 * What a disk makes of permissions and a time, shown by a file or folder of dfs's own, which nobody else changes.
 *
 * @param path Where it is made for that; whatever lies there goes.
 */
export function probeDisk(disk: Folder, path: SafePath, meant: FileEntry | DirectoryEntry): DiskStat {
  disk.removeAll(path);
  try {
    if (meant.kind === "file") disk.make(path, new Uint8Array(), meant);
    else {
      disk.makeDirectory(path);
      if (disk.keepsModes) unlessRefused(() => disk.setMode(path, meant.mode));
    }
    return disk.stat(path);
  } finally {
    disk.removeAll(path);
  }
}
