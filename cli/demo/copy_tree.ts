import { platformFailure } from "../../lib/core/mod.ts";
import { walkTree } from "./walk_tree.ts";

/** How much was copied. */
export interface Copied {
  readonly files: number;
  readonly bytes: number;
  /** Paths that are neither file, folder nor symbolic link, and were left out. */
  readonly skipped: readonly string[];
}

/**
 * Copies files, folders and symbolic links with their modes, and with the modification times of files.
 *
 * @param to An empty folder.
 */
export function copyTree(from: string, to: string): Copied {
  const folders: { readonly path: string; readonly mode: number | null }[] = [];
  const skipped: string[] = [];
  let files = 0;
  let bytes = 0;
  try {
    for (const { path, info } of walkTree(from)) {
      const target = `${to}/${path}`;
      if (info.isDirectory) {
        Deno.mkdirSync(target);
        folders.push({ path: target, mode: info.mode });
      } else if (info.isSymlink) Deno.symlinkSync(Deno.readLinkSync(`${from}/${path}`), target);
      else if (info.isFile) {
        Deno.copyFileSync(`${from}/${path}`, target);
        setTimes(target, info);
        files++;
        bytes += info.size;
      } else skipped.push(path);
    }
    // Last, as a folder may be closed to writing.
    for (const { path, mode } of folders.reverse()) setMode(path, mode);
  } catch (cause) {
    throw platformFailure(`copy "${from}"`, cause);
  }
  return { files, bytes, skipped };
}

function setMode(path: string, mode: number | null): void {
  if (mode !== null) Deno.chmodSync(path, mode & 0o7777);
}

/** Copying a file takes its mode along, and not its times. A file closed to writing is opened for a moment. */
function setTimes(path: string, { mtime, mode }: Deno.FileInfo): void {
  if (mtime === null) return;
  if (Deno.build.os === "windows") Deno.chmodSync(path, 0o666);
  Deno.utimeSync(path, mtime, mtime);
  setMode(path, mode);
}
