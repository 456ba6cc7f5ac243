import { type Clock, Failure } from "../core/mod.ts";
import { type PackFile, packHead, packHeadBytes, packMagic, packVersion, readAt, writeAt } from "./pack_file.ts";
import type { FoundFrames, IndexedFrame, PackIndex, PackRecord } from "./pack_index.ts";
import { scanPack } from "./pack_scan.ts";

/** How many frames found in a pack are entered into the index at once. */
const framesPerTransaction = 64;

/** What was found and done when a pack had not been closed in order. */
export interface PackRepair {
  /** Which pack. */
  readonly pack: number;
  /** Whole frames that were not known to be durable, and are now. */
  readonly framesFound: number;
  /** Frames that the index named but whose bytes are gone. */
  readonly framesLost: number;
  /** Bytes of a torn frame that were cut off at the end. */
  readonly bytesCut: number;
}

/** What is brought into agreement with a pack. */
export interface RecoveryTarget {
  readonly index: PackIndex;
  /** Tells when frames were found: what is found now is not old enough to be collected, however old it is. */
  readonly clock: Clock;
}

/**
 * Brings a pack and the index into agreement after a crash: what lies beyond the durable length is read again, whole
 * frames are entered, a torn tail is cut off, and what the index names beyond that is forgotten. Then all of the pack is
 * on the medium and known to be.
 *
 * @param file The pack, open for reading and writing, and locked by the caller.
 * @param record What the index knows of it.
 * @returns What was done, or `undefined` if nothing had to be.
 */
export async function recoverPack(
  file: PackFile,
  record: PackRecord,
  { index, clock }: RecoveryTarget,
): Promise<PackRepair | undefined> {
  const { size } = await file.stat();
  if (size === record.durableLength && size === record.indexedLength && size >= packHeadBytes) return undefined;
  if (record.indexedLength === 0 || size < packHeadBytes) await ensureHead(file, size, record.id);
  const trusted = size >= record.durableLength ? record.durableLength : index.lastFrameEnd(record.id, size);
  const from = Math.max(trusted, packHeadBytes);
  const found = await indexFrames(file, { pack: record.id, from, index, foundAtMs: clock.now() });
  if (size > found.length) await file.truncate(found.length);
  await file.syncData();
  const framesLost = index.settlePack(record.id, found);
  const bytesCut = Math.max(0, size - found.length);
  if (found.starts.length === 0 && framesLost === 0 && bytesCut === 0) return undefined;
  return { pack: record.id, framesFound: found.starts.length, framesLost, bytesCut };
}

/** Enters all whole frames from an offset on. */
async function indexFrames(
  file: PackFile,
  { pack, from, index, foundAtMs }: { pack: number; from: number; index: PackIndex; foundAtMs: number },
): Promise<FoundFrames> {
  const starts: number[] = [];
  let length = from;
  let batch: IndexedFrame[] = [];
  for await (const frame of scanPack(file, from)) {
    batch.push({ ...frame, pack });
    starts.push(frame.start);
    length = frame.start + frame.length;
    if (batch.length < framesPerTransaction) continue;
    index.add(batch, foundAtMs);
    batch = [];
  }
  index.add(batch, foundAtMs);
  return { from, starts, length };
}

/** Makes sure that the file begins as a pack does; one that was created but never written to gets its head now. */
async function ensureHead(file: PackFile, size: number, id: number): Promise<void> {
  const head = packHead();
  if (size < head.length) {
    // Not an empty file: ext4 writes one that was once cut to nothing out to the medium as it is closed.
    if (size > 0) await file.truncate(0);
    await writeAt(file, 0, head);
    return;
  }
  const found = new Uint8Array(head.length);
  await readAt(file, 0, found);
  const problem = packHeadProblem(found);
  if (problem !== undefined) {
    throw new Failure("corrupt", `Pack ${id} does not begin as a pack does: ${problem}`, {
      hint: "Move the file out of the folder of packs, or restore it from a backup",
    });
  }
}

/** Says what is wrong with the head of a pack, if anything is. */
export function packHeadProblem(found: Uint8Array): string | undefined {
  const head = packHead();
  if (head.every((byte, index) => found[index] === byte)) return undefined;
  const magicFits = head.subarray(0, packMagic.length).every((byte, index) => found[index] === byte);
  return magicFits ? `its layout is not version ${packVersion}` : "the magic bytes are missing";
}
