import { type Clock, Failure } from "../core/mod.ts";
import { type PackFile, packHead, packHeadBytes, packMagic, packVersion, readAt, writeAt } from "./pack_file.ts";
import type { IndexedFrame, PackIndex, PackRecord } from "./pack_index.ts";
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
  /** How many frames {@linkcode forgetLost} forgot; it is called first unless given. */
  readonly framesLost?: number | undefined;
}

/**
 * Forgets the frames that the index names beyond the durable length of a pack and that are not there. An index may be
 * older than the pack: after a power cut it can lack what it was told last, that the frames of an earlier power cut are
 * gone, say, while others lie in their place by now.
 *
 * Of several packs call it for each before any is recovered: a chunk that is forgotten in one may be found in another.
 *
 * @returns How many frames were forgotten.
 */
export async function forgetLost(
  file: PackFile,
  record: PackRecord,
  { index }: Pick<RecoveryTarget, "index">,
): Promise<number> {
  const { size } = await file.stat();
  if (isSettled(record, size)) return 0;
  const from = scanStart(record, size, index);
  if (index.lastFrameEnd(record.id, Number.MAX_SAFE_INTEGER) <= from) return 0;
  const starts: number[] = [];
  for await (const frame of scanPack(file, from)) {
    if (index.holds({ ...frame, pack: record.id })) starts.push(frame.start);
  }
  return index.forgetFrames(record.id, { from, starts });
}

/**
 * Brings a pack and the index into agreement after a crash: what lies beyond the durable length is read again, what the
 * index names there and is not there is forgotten, whole frames are entered, and a torn tail is cut off. Then all of the
 * pack is on the medium and known to be.
 *
 * @param file The pack, open for reading and writing, and locked by the caller.
 * @param record What the index knows of it.
 * @returns What was done, or `undefined` if nothing had to be.
 */
export async function recoverPack(
  file: PackFile,
  record: PackRecord,
  target: RecoveryTarget,
): Promise<PackRepair | undefined> {
  const { index, clock } = target;
  const { size } = await file.stat();
  if (isSettled(record, size)) return undefined;
  const framesLost = target.framesLost ?? await forgetLost(file, record, target);
  if (record.indexedLength === 0 || size < packHeadBytes) await ensureHead(file, size, record.id);
  const from = scanStart(record, size, index);
  const found = await indexFrames(file, { pack: record.id, from, index, foundAtMs: clock.now() });
  if (size > found.length) await file.truncate(found.length);
  await file.syncData();
  index.settlePack(record.id, found.length);
  const bytesCut = Math.max(0, size - found.length);
  const { framesFound } = found;
  if (framesFound === 0 && framesLost === 0 && bytesCut === 0) return undefined;
  return { pack: record.id, framesFound, framesLost, bytesCut };
}

/** Whether a pack was closed in order. */
function isSettled({ durableLength, indexedLength }: PackRecord, size: number): boolean {
  return size === durableLength && size === indexedLength && size >= packHeadBytes;
}

/** Where that part of a pack begins of which the index may say something else than what is there. */
function scanStart({ id, durableLength }: PackRecord, size: number, index: PackIndex): number {
  return Math.max(size >= durableLength ? durableLength : index.lastFrameEnd(id, size), packHeadBytes);
}

/** Enters all whole frames from an offset on; says how many, and where the last of them ends. */
async function indexFrames(
  file: PackFile,
  { pack, from, index, foundAtMs }: { pack: number; from: number; index: PackIndex; foundAtMs: number },
): Promise<{ readonly framesFound: number; readonly length: number }> {
  let framesFound = 0;
  let length = from;
  let batch: IndexedFrame[] = [];
  for await (const frame of scanPack(file, from)) {
    batch.push({ ...frame, pack });
    framesFound++;
    length = frame.start + frame.length;
    if (batch.length < framesPerTransaction) continue;
    index.add(batch, foundAtMs);
    batch = [];
  }
  index.add(batch, foundAtMs);
  return { framesFound, length };
}

/**
 * Makes sure that the file begins as a pack does. One that was created but never written to gets its head now; so does
 * one of which the power failed before all of its head was on the medium.
 */
async function ensureHead(file: PackFile, size: number, id: number): Promise<void> {
  const head = packHead();
  const found = new Uint8Array(head.length);
  await readAt(file, 0, found);
  const problem = packHeadProblem(found);
  if (size >= head.length && problem === undefined) return;
  const isTorn = found.every((byte, at) => byte === 0 || byte === head[at]);
  if (size < head.length || (size === head.length && isTorn)) {
    // Not an empty file: ext4 writes one that was once cut to nothing out to the medium as it is closed.
    if (size > 0) await file.truncate(0);
    await writeAt(file, 0, head);
    return;
  }
  throw new Failure("corrupt", `Pack ${id} does not begin as a pack does: ${problem}`, {
    hint: "Move the file out of the folder of packs, or restore it from a backup",
  });
}

/** Says what is wrong with the head of a pack, if anything is. */
export function packHeadProblem(found: Uint8Array): string | undefined {
  const head = packHead();
  if (head.every((byte, index) => found[index] === byte)) return undefined;
  const magicFits = head.subarray(0, packMagic.length).every((byte, index) => found[index] === byte);
  return magicFits ? `its layout is not version ${packVersion}` : "the magic bytes are missing";
}
