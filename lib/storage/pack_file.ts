import { join } from "@std/path";
import { ByteWriter } from "../core/mod.ts";

/** A pack is one file: this head, then frames one behind the other as they came from the wire. */
export const packMagic = "dfs pack";
/** The layout of packs that this program writes. */
export const packVersion = 1;
/** Bytes before the first frame: eight of {@linkcode packMagic}, four of {@linkcode packVersion} (little-endian). */
export const packHeadBytes = 12;
/** How long a pack may become in bytes; then the next one is begun. */
export const packBytesMax: number = 512 * 1024 * 1024;

/** What the packs need of an open file; `Deno.FsFile` has it. */
export type PackFile =
  & Pick<Deno.FsFile, "seekSync" | "read" | "write" | "truncate" | "syncData" | "stat" | "close">
  & Pick<Deno.FsFile, "lock" | "tryLock" | "unlockSync">
  & Disposable;

/** Opens a file; `Deno.open` does. Tests hand in one whose disk is full. */
export type OpenFile = (path: string, options: Deno.OpenOptions) => Promise<PackFile>;

/** The head of every pack. */
export function packHead(): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(packHeadBytes);
  writer.raw(new TextEncoder().encode(packMagic));
  writer.uint32(packVersion);
  return writer.bytes();
}

/** Where pack `id` lies. */
export function packPath(packsDirectory: string, id: number): string {
  return join(packsDirectory, `${String(id).padStart(8, "0")}.pack`);
}

/** The id of the pack with this file name; `undefined` if it names none. */
export function packIdOf(fileName: string): number | undefined {
  const digits = /^(\d{8,15})\.pack$/.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Closes a file that may be locked, and gives the lock back first. Closing alone does not do that while this process is
 * starting another: the copy of itself that it makes for this holds its files until the other program runs.
 */
export function closeLocked(file: PackFile): void {
  try {
    file.unlockSync();
  } finally {
    file.close();
  }
}

/** Writes all of `bytes` at an offset. */
export async function writeAt(file: PackFile, offset: number, bytes: Uint8Array): Promise<void> {
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

/** Fills `buffer` from an offset; gives how many bytes there were, fewer only at the end of the file. */
export async function readAt(file: PackFile, offset: number, buffer: Uint8Array): Promise<number> {
  file.seekSync(offset, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < buffer.length) {
    const count = await file.read(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}
