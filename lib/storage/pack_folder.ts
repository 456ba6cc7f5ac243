import { join } from "@std/path";
import { type Clock, Failure, platformFailure } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { closeLocked, type OpenFile, type PackFile, packHeadBytes, packIdOf, packPath } from "./pack_file.ts";
import type { PackIndex, PackRecord } from "./pack_index.ts";
import { forgetLost, type PackRepair, recoverPack } from "./pack_recovery.ts";

/** A folder of packs and its index, as one process has it open. */
export interface PackFolder {
  /** Where the packs lie. */
  readonly packs: string;
  /** The file whose lock a process holds while it recovers or claims a pack. */
  readonly lock: string;
  readonly index: PackIndex;
  readonly openFile: OpenFile;
  /** Tells when frames came. */
  readonly clock: Clock;
  /** Told when a pack had to be repaired. */
  readonly onRepair: (repair: PackRepair) => void;
  /** Where sealed packs and damage are announced. */
  readonly events?: EventBus | undefined;
}

/** Waits for the lock of a folder; it is given back when the returned value is disposed of. */
export async function lockFolder(folder: Pick<PackFolder, "lock" | "openFile">): Promise<Disposable> {
  const file = await folder.openFile(folder.lock, { read: true, write: true, create: true });
  try {
    await file.lock(true);
    return { [Symbol.dispose]: () => closeLocked(file) };
  } catch (cause) {
    file.close();
    throw platformFailure(`lock "${folder.lock}"`, cause);
  }
}

/**
 * Recovers every pack that was not closed in order and that no living process appends to. Call it under the folder's
 * lock, before anything the index says is trusted.
 */
export async function recoverFolder(folder: PackFolder): Promise<void> {
  await removeGone(folder);
  const { index } = folder;
  const records = new Map(index.packs().map((record) => [record.id, record]));
  const sizes = await packSizes(folder, records.values().filter(holdsFrames).toArray().length);
  // One that was removed comes back if the power fails before the folder is on the medium.
  for (const { id } of index.gonePacks()) if (sizes.delete(id)) await removePack(folder, id);
  const broken = [...new Set([...records.keys(), ...sizes.keys()])].filter((id) => {
    const record = records.get(id);
    const size = sizes.get(id) ?? 0;
    // One that is shorter than a head was begun, and its beginning failed.
    return record?.durableLength !== size || record.indexedLength !== size || size < packHeadBytes;
  });
  // What is forgotten with one pack may be found in another.
  const lost = new Map<number, number>();
  for (const id of broken) {
    await withPack(folder, id, async (file) => {
      lost.set(id, await forgetLost(file, recordOf(index, id), folder));
    });
  }
  for (const id of broken) {
    await withPack(folder, id, async (file) => {
      const repair = await recoverPack(file, recordOf(index, id), { ...folder, framesLost: lost.get(id) });
      if (repair !== undefined) folder.onRepair(repair);
    });
  }
  if (broken.length > 0) await flushFolder(folder);
}

/** Whether there is more to a pack than its head, which may be entered before the file's name is on the medium. */
function holdsFrames({ indexedLength }: PackRecord): boolean {
  return indexedLength > packHeadBytes;
}

/**
 * Removes the files of packs that were emptied. Each is cut to nothing first: another process may have it open, and its
 * space is to be free all the same. Call it under the folder's lock.
 */
export async function removeGone(folder: PackFolder): Promise<void> {
  for (const { id, removed } of folder.index.gonePacks()) {
    if (removed) continue;
    await removePack(folder, id);
    folder.index.setRemoved(id);
  }
}

async function removePack({ packs, openFile }: PackFolder, id: number): Promise<void> {
  const path = packPath(packs, id);
  try {
    {
      using file = await openFile(path, { read: true, write: true });
      await file.truncate(0);
    }
    await Deno.remove(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw platformFailure(`remove pack "${path}"`, cause);
  }
}

/** Makes the names of the packs durable: a file that was created is found after a power cut only then. */
export async function flushFolder({ packs, openFile }: Pick<PackFolder, "packs" | "openFile">): Promise<void> {
  if (Deno.build.os === "windows") return; // A folder cannot be opened there, and NTFS logs its changes itself.
  try {
    using folder = await openFile(packs, { read: true });
    await folder.syncData();
  } catch (cause) {
    throw platformFailure(`make the folder "${packs}" durable`, cause);
  }
}

/** The length of each pack in bytes, by its id. */
async function packSizes(folder: PackFolder, packsKnown: number): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  try {
    for await (const { name } of Deno.readDir(folder.packs)) {
      const id = packIdOf(name);
      if (id !== undefined) sizes.set(id, (await Deno.stat(join(folder.packs, name))).size);
    }
  } catch (cause) {
    throw platformFailure(`list the packs in "${folder.packs}"`, cause);
  }
  if (sizes.size > 0 || packsKnown === 0) return sizes;
  throw new Failure("corrupt", `The folder "${folder.packs}" is empty, though the index names ${packsKnown} packs`, {
    hint: "Mount or restore the packs; if they are lost for good, move the index away to begin anew",
  });
}

/** Does something with a pack, unless a living process appends to it. */
async function withPack(folder: PackFolder, id: number, work: (file: PackFile) => Promise<void>): Promise<void> {
  const path = packPath(folder.packs, id);
  try {
    const file = await folder.openFile(path, { read: true, write: true, create: true });
    using _closing = { [Symbol.dispose]: () => closeLocked(file) };
    if (await file.tryLock(true)) await work(file);
  } catch (cause) {
    throw platformFailure(`recover pack "${path}"`, cause);
  }
}

/** What the index knows of a pack, which is entered if it is not known. */
export function recordOf(index: PackIndex, id: number): PackRecord {
  index.addPack(id);
  return index.packs().find((record) => record.id === id) ??
    { id, indexedLength: 0, durableLength: 0, sealed: false };
}
