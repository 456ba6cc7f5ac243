import type { DiskStat } from "../../sync/mod.ts";

/** Reads what the platform says of a path. */
export function toDiskStat(info: Deno.FileInfo): DiskStat {
  return {
    kind: info.isFile ? "file" : info.isDirectory ? "directory" : info.isSymlink ? "symlink" : "other",
    size: info.size,
    mode: (info.mode ?? 0) & 0o7777,
    mtimeMs: info.mtime?.getTime() ?? 0,
    ctimeMs: info.ctime?.getTime() ?? 0,
    inode: Number.isSafeInteger(info.ino) ? info.ino! : 0,
  };
}
