import { basename } from "@std/path";
import { Failure } from "../core/mod.ts";
import type { CollectOptions, CollectReceipt, LiveChunks } from "./chunk_store.ts";
import { chunksPerPage, CollectionIndex, type HashRange, type PlacedChunk } from "./collection_index.ts";
import { frameLengths } from "./frame_lengths.ts";
import { compactPacks } from "./pack_compaction.ts";
import { closeLocked } from "./pack_file.ts";
import { lockFolder, type PackFolder, removeGone } from "./pack_folder.ts";
import type { PackReader } from "./pack_reader.ts";
import type { RemovalGate } from "./removal_gate.ts";

/** What garbage is collected in. */
export interface CollectionSource {
  readonly folder: PackFolder;
  readonly reader: PackReader;
  readonly gate: RemovalGate;
  /** The file whose lock the one process holds that collects. */
  readonly lock: string;
  /** How long a pack may become in bytes. */
  readonly packBytesMax?: number | undefined;
}

/**
 * Collects garbage, see `ChunkStore.collect`. One round goes so:
 *
 * 1. Wait for those who hold the store. From here on nobody can come to name a chunk that is condemned already without
 *    putting it again, which takes its sentence back.
 * 2. Read what is named. Condemned chunks that are named are spared.
 * 3. Remove from the index what was condemned long enough ago and is not named.
 * 4. Condemn what is old enough and not named.
 * 5. Wait again, and spare what came to be named since 2: what is named is not condemned for longer than that takes.
 *
 * So nothing rests on clocks: times only say how long uploads that go on are left in peace. In the end packs with much of
 * no use in them are rewritten. Breaking off anywhere leaves a sound store.
 *
 * @throws {Failure} kind `conflict` if another process is collecting.
 */
export async function collectPacks(
  source: CollectionSource,
  live: LiveChunks,
  options: CollectOptions,
): Promise<CollectReceipt> {
  using _lock = await lockCollection(source);
  using index = new CollectionIndex(source.folder.index.path);
  const { graceMs, signal, dryRun = false } = options;
  const nextTurn = async (): Promise<void> => {
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const tools = { ...source, index, live, graceMs, nextTurn };
  if (dryRun) return await count(tools);
  const first = await round(tools);
  const second = graceMs > 0 ? nothing : await round(tools);
  const bytesFreed = await compactPacks(tools);
  return {
    condemned: first.condemned + second.condemned,
    spared: first.spared + second.spared,
    removed: first.removed + second.removed,
    bytesFreed,
  };
}

const nothing = { condemned: 0, spared: 0, removed: 0 };

/** What one collection works with. */
interface CollectionTools extends CollectionSource {
  readonly index: CollectionIndex;
  readonly live: LiveChunks;
  readonly graceMs: number;
  /** Lets the other work of this process go on, and throws if the collection is to end. */
  readonly nextTurn: () => Promise<void>;
}

async function round(tools: CollectionTools): Promise<typeof nothing> {
  const { folder, gate, index, graceMs } = tools;
  await gate.drain();
  await mark(tools);
  const nowMs = folder.clock.now();
  let spared = 0;
  for await (const range of eachRange(tools)) {
    spared += index.spare(range);
    index.choose(range, nowMs - graceMs);
  }
  const removed = await removeVictims(tools);
  let condemned = 0;
  for await (const range of eachRange(tools)) {
    condemned += index.condemn(range, { atMs: nowMs, storedUntilMs: nowMs - graceMs });
  }
  if (condemned > 0) {
    await gate.drain();
    await mark(tools, { sinceLast: true });
    for await (const range of eachRange(tools)) condemned -= index.spare(range);
  }
  return { condemned, spared, removed };
}

/** Counts what a round would do, two of them if nothing is left in peace. */
async function count(tools: CollectionTools): Promise<CollectReceipt> {
  const { folder, index, graceMs } = tools;
  await mark(tools);
  const untilMs = folder.clock.now() - graceMs;
  let [condemned, removed] = [0, 0];
  for await (const range of eachRange(tools)) {
    removed += index.choose(range, untilMs);
    condemned += index.countCondemnable(range, untilMs, graceMs === 0);
  }
  if (graceMs === 0) removed += condemned;
  return { condemned, removed, spared: 0, bytesFreed: index.victimBytes() };
}

async function mark(
  { index, live, nextTurn }: CollectionTools,
  { sinceLast } = { sinceLast: false },
): Promise<void> {
  index.begin();
  for await (const hashes of live({ sinceLast })) {
    index.markLive(hashes);
    await nextTurn();
  }
}

async function removeVictims({ index, folder, reader, nextTurn }: CollectionTools): Promise<number> {
  let removed = 0;
  for (let last = { frame: 0, position: -1 };;) {
    const victims = index.victimsAfter(last, chunksPerPage);
    if (victims.length === 0) return removed;
    const measured: PlacedChunk[] = [];
    for (const [frame, chunks] of Map.groupBy(victims, (victim) => victim.frame)) {
      const place = folder.index.frame(frame);
      const lengths = place === undefined ? [] : await frameLengths(place, reader).catch(unread);
      for (const chunk of chunks) measured.push({ ...chunk, length: lengths[chunk.position] ?? 0 });
    }
    removed += index.remove(measured, { condemned: true });
    await nextTurn();
    last = victims.at(-1) ?? last;
  }
}

/** The lengths are for the sums of `stats` only: a frame that cannot be read is to go all the same. */
function unread(cause: unknown): readonly number[] {
  if (cause instanceof Failure) return [];
  throw cause;
}

async function* eachRange({ index, nextTurn }: CollectionTools): AsyncGenerator<HashRange, void> {
  for (const range of index.ranges()) {
    yield range;
    await nextTurn();
  }
}

/** Takes the lock of the one who collects, and finishes what a collection that was broken off left. */
async function lockCollection({ folder, lock }: CollectionSource): Promise<Disposable> {
  const file = await folder.openFile(lock, { read: true, write: true, create: true });
  if (!await file.tryLock(true)) {
    file.close();
    throw new Failure("conflict", `Garbage is being collected already in "${basename(folder.packs)}"`, {
      hint: "Wait until that is done",
    });
  }
  try {
    using _folder = await lockFolder(folder);
    await removeGone(folder);
    return { [Symbol.dispose]: () => closeLocked(file) };
  } catch (cause) {
    closeLocked(file);
    throw cause;
  }
}
