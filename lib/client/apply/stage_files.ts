import { Failure, platformFailure, type SafePath, sha256 } from "../../core/mod.ts";
import { type ChunkSource, feedChunks, LocalChunks, type PlannedFile } from "../transfer/mod.ts";
import { type FileMaker, type Folder, MakeAtOnce } from "../folder/mod.ts";
import type { Remote } from "../remote/mod.ts";
import { FlushBehind } from "./flush_behind.ts";
import { partWriter } from "./part_writer.ts";
import { RepeatedChunks } from "./repeated_chunks.ts";
import { marksWhileStaged, setMarks } from "./staged_marks.ts";
import type { Staging } from "./staging.ts";

/** What {@linkcode stageFiles} works with. */
export interface StageOptions {
  readonly remote: Remote;
  readonly disk: Folder;
  readonly staging: Staging;
  /** How many requests are on their way at once. */
  readonly inFlight?: number | undefined;
  /** Told after every chunk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What {@linkcode stageFiles} did. */
export interface StagedFiles {
  readonly fetchedBytes: number;
  /** Files of which the server cannot give all; they are not staged. */
  readonly unreadable: ReadonlySet<PlannedFile>;
}

/**
 * Puts files together in the staging folder, each whole and on the medium when this resolves. Chunks that lie in the
 * folder already, or that an earlier run left in the staging folder, are taken from there; the others are fetched, in
 * order and ahead of their use. Every chunk is checked against its hash, wherever it comes from. A file of which the
 * server cannot give all is left out.
 */
export async function stageFiles(files: readonly PlannedFile[], options: StageOptions): Promise<StagedFiles> {
  const { disk, staging } = options;
  const parts = files.map((file) => ({ file, have: staging.chunksOf(file) }));
  const wanted = parts.flatMap(({ file, have }) => {
    return file.sources.filter((source, index) => index >= have && source.from === "server");
  });
  using local = new LocalChunks(disk);
  const feed = feedChunks(options.remote, wanted, { inFlight: options.inFlight, local });
  const unreadable = new Set<PlannedFile>();
  try {
    await using flushing = new FlushBehind(async () => await disk.flushAhead?.());
    await using maker = disk.makeMany?.() ?? new MakeAtOnce(disk);
    const tools = { ...options, feed, local, maker, repeated: new RepeatedChunks(files) };
    for (const { file, have } of parts) {
      const isThere = isSmall(file) && !staging.isLeft(file) ? makeSmall(file, tools) : writePart(file, have, tools);
      if (await isThere) await flushing.wrote(file.entry.size + overheadBytes);
      else unreadable.add(file);
    }
    await maker.finish();
    await flushing.finish();
  } finally {
    await feed.return(undefined);
  }
  const whole = files.filter((file) => !unreadable.has(file));
  await disk.flushFiles(whole.map((file) => staging.pathOf(file)));
  return { fetchedBytes: bytesOf(wanted), unreadable };
}

interface PartOptions extends StageOptions {
  readonly feed: AsyncGenerator<Uint8Array<ArrayBuffer> | undefined>;
  readonly local: LocalChunks;
  readonly maker: FileMaker;
  readonly repeated: RepeatedChunks;
}

/** What the medium has to do for a file beside its bytes, as if it were as many bytes. */
const overheadBytes = 8192;

/** Whether a file is one chunk, or empty. */
function isSmall({ sources }: PlannedFile): boolean {
  return sources.length <= 1;
}

/** Has a file made that is one chunk, or empty; says whether that could be had. */
async function makeSmall(planned: PlannedFile, options: PartOptions): Promise<boolean> {
  const [source] = planned.sources;
  const bytes = source === undefined ? new Uint8Array() : await readSource(source, options);
  if (bytes === undefined) return false;
  const { maker, staging, onBytes } = options;
  await maker.make(staging.pathOf(planned), bytes, marksWhileStaged(planned.entry));
  onBytes?.(bytes.length);
  return true;
}

/** Writes a file from chunk `have` on, the chunks before it being there; says whether all of them could be had. */
async function writePart(planned: PlannedFile, have: number, options: PartOptions): Promise<boolean> {
  const { disk, staging } = options;
  const path = staging.pathOf(planned);
  try {
    staging.reopen(planned);
    const isWhole = await writeSources(planned.sources, { ...options, path, have });
    if (isWhole) setMarks(disk, path, marksWhileStaged(planned.entry));
    return isWhole;
  } catch (cause) {
    throw platformFailure(`write "${disk.locate(path)}"`, cause);
  }
}

async function writeSources(
  sources: readonly ChunkSource[],
  options: PartOptions & { readonly path: SafePath; readonly have: number },
): Promise<boolean> {
  const { disk, path, have, onBytes } = options;
  const kept = bytesOf(sources.slice(0, have));
  using file = disk.write(path, kept);
  await using writer = partWriter(file, bytesOf(sources.slice(have)));
  onBytes?.(kept);
  for (let index = have; index < sources.length;) {
    const run = readLocalRun(sources, index, options);
    const bytes = run?.bytes ?? await readSource(sources[index]!, options);
    if (bytes === undefined) {
      await skip(sources.slice(index + 1), options);
      return false;
    }
    await writer.write(bytes);
    onBytes?.(bytes.length);
    index += run?.count ?? 1;
  }
  await writer.finish();
  return true;
}

/** How many bytes some chunks have. */
function bytesOf(sources: readonly ChunkSource[]): number {
  return sources.reduce((sum, { length }) => sum + length, 0);
}

/** How much of a file that lies here already is read at once. */
const runBytesMax: number = 1024 * 1024;

/**
 * Reads chunks that lie one behind the other in a file of the folder, as many as there are from `index` on.
 *
 * @returns Their bytes, checked, and how many they are; `undefined` if not all of them are what they were.
 */
function readLocalRun(
  sources: readonly ChunkSource[],
  index: number,
  options: PartOptions,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly count: number } | undefined {
  const first = sources[index]!;
  if (first.from !== "folder") return undefined;
  let length = 0;
  let count = 0;
  for (let next = sources[index]; next?.from === "folder"; next = sources[index + count]) {
    if (next.path !== first.path || next.offset !== first.offset + length || length + next.length > runBytesMax) break;
    length += next.length;
    count++;
  }
  const bytes = options.local.read(first.path, first.offset, length);
  if (bytes === undefined) return undefined;
  for (let i = index, start = 0; i < index + count; start += sources[i++]!.length) {
    if (sha256(bytes.subarray(start, start + sources[i]!.length)) !== sources[i]!.hash) return undefined;
  }
  return { bytes, count };
}

/** Lets go by what the feed brings of chunks that nobody needs any more. */
async function skip(sources: readonly ChunkSource[], { feed }: PartOptions): Promise<void> {
  for (const { from } of sources) if (from === "server") await feed.next();
}

/** The bytes of a chunk; nothing if it is not here, and the server cannot give it. */
async function readSource(source: ChunkSource, options: PartOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { remote, staging, feed, local, maker, repeated } = options;
  if (source.from === "server") {
    const next = await feed.next();
    if (next.done) throw new TypeError("The feed ended before the files that it feeds");
    if (next.value !== undefined) repeated.keep(source.hash, next.value);
    return next.value;
  }
  const kept = source.from === "staging" ? repeated.take(source.hash) : undefined;
  if (kept !== undefined) return kept;
  const path = source.from === "folder" ? source.path : staging.path(source.content, 0);
  await maker.made(path);
  const bytes = local.read(path, source.offset, source.length);
  if (bytes !== undefined && sha256(bytes) === source.hash) return bytes;
  for await (const fetched of feedChunks(remote, [source])) return fetched;
  throw new Failure("corrupt", `The chunk ${source.hash} is nowhere to be had`);
}
