import { Failure, platformFailure, Semaphore, sha256 } from "../core/mod.ts";
import { feedChunks } from "./chunk_feed.ts";
import type { ChunkSource, PlannedFile } from "./fetch_plan.ts";
import type { LocalDisk } from "./local_disk.ts";
import type { Remote } from "./remote.ts";
import type { Staging } from "./staging.ts";

/** How many files may be on their way to the medium at once: the file system writes them in groups. */
const syncsInFlightMax = 32;

/** What {@linkcode stageFiles} works with. */
export interface StageOptions {
  readonly remote: Remote;
  readonly disk: LocalDisk;
  readonly staging: Staging;
  /** Told after every chunk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What {@linkcode stageFiles} did. */
export interface StageCounts {
  readonly fetchedChunks: number;
  readonly fetchedBytes: number;
}

/**
 * Puts files together in the staging folder, each whole and on the medium when this resolves. Chunks that lie in the
 * folder already are taken from there; the others are fetched, in order and ahead of their use. Every chunk is checked
 * against its hash, wherever it comes from.
 */
export async function stageFiles(files: readonly PlannedFile[], options: StageOptions): Promise<StageCounts> {
  const missing = files.filter((file) => !options.staging.has(file.content, file.use, file.size));
  const wanted = missing.flatMap((file) => file.sources.filter((source) => source.from === "server"));
  const feed = feedChunks(options.remote, wanted);
  const slots = new Semaphore(syncsInFlightMax);
  const syncs = new Map<string, Promise<void>>();
  let failure: unknown;
  try {
    for (const file of missing) {
      const slot = await slots.acquire();
      if (failure !== undefined) throw failure;
      const written = await writePart(file, { ...options, feed, syncs }).catch((cause) => {
        slot[Symbol.dispose]();
        throw cause;
      });
      const path = options.staging.path(file.content, file.use);
      const sync = finishPart(written, path).catch((cause) => {
        failure ??= cause;
      }).finally(() => {
        syncs.delete(path);
        slot[Symbol.dispose]();
      });
      syncs.set(path, sync);
    }
  } finally {
    await feed.return(undefined);
    await Promise.all(syncs.values());
  }
  if (failure !== undefined) throw failure;
  return { fetchedChunks: wanted.length, fetchedBytes: wanted.reduce((sum, { length }) => sum + length, 0) };
}

interface PartOptions extends StageOptions {
  readonly feed: AsyncGenerator<Uint8Array>;
  /** Staged files that are not whole yet. */
  readonly syncs: ReadonlyMap<string, Promise<void>>;
}

/** A file that was written and waits for the medium. */
interface WrittenPart {
  readonly file: Deno.FsFile;
  readonly path: string;
}

async function writePart(planned: PlannedFile, options: PartOptions): Promise<WrittenPart> {
  const path = options.staging.partPath(planned.content, planned.use);
  const file = openPart(path);
  try {
    for (const source of planned.sources) {
      const bytes = await readSource(source, options);
      writeAll(file, bytes);
      options.onBytes?.(bytes.length);
    }
    return { file, path };
  } catch (cause) {
    file.close();
    throw platformFailure(`write "${path}"`, cause);
  }
}

function openPart(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { write: true, create: true, truncate: true, mode: 0o600 });
  } catch (cause) {
    throw platformFailure(`write "${path}"`, cause);
  }
}

async function finishPart(part: WrittenPart, path: string): Promise<void> {
  try {
    using file = part.file;
    await file.syncData();
  } catch (cause) {
    throw platformFailure(`write "${part.path}"`, cause);
  }
  Deno.renameSync(part.path, path);
}

async function readSource(source: ChunkSource, options: PartOptions): Promise<Uint8Array> {
  if (source.from === "server") {
    const next = await options.feed.next();
    if (next.done) throw new TypeError("The feed ended before the files that it feeds");
    return next.value;
  }
  const path = source.from === "folder" ? options.disk.locate(source.path) : options.staging.path(source.content, 0);
  if (source.from === "staging") await options.syncs.get(path);
  const bytes = readAt(path, source);
  if (bytes !== undefined && sha256(bytes) === source.hash) return bytes;
  for await (const fetched of feedChunks(options.remote, [source])) return fetched;
  throw new Failure("corrupt", `The chunk ${source.hash} is nowhere to be had`);
}

/** Reads a piece of a file, or nothing if the file is not what it was. */
function readAt(path: string, place: { readonly offset: number; readonly length: number }): Uint8Array | undefined {
  try {
    using file = Deno.openSync(path, { read: true });
    file.seekSync(place.offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(place.length);
    for (let filled = 0; filled < bytes.length;) {
      const count = file.readSync(bytes.subarray(filled));
      if (count === null) return undefined;
      filled += count;
    }
    return bytes;
  } catch {
    return undefined;
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}
