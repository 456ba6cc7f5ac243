import { ancestors, Failure, joinPath, platformFailure, type SafePath } from "../core/mod.ts";
import type { Disk } from "./disk.ts";
import { ignoreFileName } from "./ignore/mod.ts";

/** The longest `.dfsignore` file that is read; some 30,000 patterns. */
export const ignoreFileBytesMax: number = 1024 * 1024;

/**
 * Reads the `.dfsignore` file of a folder. Only a regular file counts, in folders that are no links either: a link could
 * say something else on every machine.
 *
 * @returns Its text, or `undefined` if there is none.
 * @throws {Failure} if there is one that cannot be read, or that is too long.
 */
export function readIgnoreFile(disk: Disk, directory: SafePath): string | undefined {
  const path = joinPath(directory, ignoreFileName);
  try {
    // A folder of the other side may have the name of a link here, and that may lead anywhere, or in a circle.
    if (ancestors(path).some((above) => disk.stat(above).kind !== "directory")) return undefined;
    if (disk.stat(path).kind !== "file") return undefined;
    using file = disk.open(path);
    return new TextDecoder().decode(readUpTo(file, `${disk.root}/${path}`));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return undefined;
    throw platformFailure(`read "${disk.root}/${path}"`, cause);
  }
}

function readUpTo(file: { read(into: Uint8Array): number }, name: string): Uint8Array {
  let bytes = new Uint8Array(4096);
  let length = 0;
  while (true) {
    const got = file.read(bytes.subarray(length));
    if (got === 0) return bytes.subarray(0, length);
    length += got;
    if (length > ignoreFileBytesMax) {
      throw new Failure("usage", `"${name}" is longer than ${ignoreFileBytesMax} bytes`, { hint: "Shorten it" });
    }
    if (length < bytes.length) continue;
    const longer = new Uint8Array(bytes.length * 2);
    longer.set(bytes);
    bytes = longer;
  }
}
