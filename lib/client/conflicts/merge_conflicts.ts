import { type Hash, type SafePath, sha256 } from "../../core/mod.ts";
import { compareTimes, type Entry, type FileEntry, type FileTime, Manifest, timeOf } from "../../metadata/mod.ts";
import { type Disk, type DiskReader, type DiskStat, type UnreadFile } from "../../sync/mod.ts";
import { type Conflict, mergedFile } from "../../sync/reconcile/mod.ts";
import { mergeText, textBytesMax } from "../../sync/text/mod.ts";
import { fetchContent, manifestOfFile, Uploader } from "../transfer/mod.ts";
import { type LocalRead, readFiles } from "../folder/mod.ts";
import { silentProgress } from "../report.ts";
import type { RunContext } from "../strategy.ts";
import { UnreadableChunks } from "../remote/mod.ts";

/** What merging gave. */
export interface Merges {
  /** What is to live at each path; `undefined` where the two cannot be merged. */
  readonly entries: ReadonlyMap<SafePath, Entry | undefined>;
  /** The chunk lists of merged files of more than one chunk. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
}

/** Tries to merge what both sides made of texts, and sends the outcome to the server, where the folder gets it from. */
export async function mergeConflicts(
  conflicts: readonly Conflict[],
  run: RunContext & { readonly read: LocalRead },
): Promise<Merges> {
  const entries = new Map<SafePath, Entry | undefined>();
  const manifests = new Map<Hash, Manifest>();
  for (const conflict of conflicts) {
    const merged = await mergeOne(conflict, run);
    entries.set(conflict.path, merged?.file);
    if (merged !== undefined && merged.manifest.length > 1) manifests.set(merged.file.content, merged.manifest);
  }
  return { entries, manifests };
}

async function mergeOne(
  { path, base, local, remote }: Conflict,
  run: RunContext & { readonly read: LocalRead },
): Promise<{ file: FileEntry; manifest: Manifest } | undefined> {
  if (base?.kind !== "file" || local.kind !== "file" || remote.kind !== "file") return undefined;
  if (Math.max(base.size, local.size, remote.size) > textBytesMax) return undefined;
  const ours = readHere(path, local, run);
  if (ours === undefined) return undefined;
  const [before, theirs] = [await fetchReadable(base, run), await fetchReadable(remote, run)];
  if (before === undefined || theirs === undefined) return undefined;
  const merged = mergeText({ base: before, ours, theirs });
  if (!merged.ok) return undefined;
  const time = compareTimes(local, remote) > 0 ? local : remote;
  const { mode } = mergedFile({ base, local, remote }, remote);
  return await sendFile(new SingleFile(path, merged.value, { mode, time }), run);
}

/** A file in the folder, if it is as it was found. */
function readHere(path: SafePath, file: FileEntry, run: RunContext & { readonly read: LocalRead }) {
  let bytes: Uint8Array;
  try {
    bytes = readWhole(run.workspace.disk, path, file.size);
  } catch {
    // Whatever is there now, it is not what was found.
    return undefined;
  }
  const manifest = manifestOf(file, run);
  let offset = 0;
  for (let index = 0; index < manifest.length; offset += manifest.chunkLength(index++)) {
    if (sha256(bytes.subarray(offset, offset + manifest.chunkLength(index))) !== manifest.hash(index)) return undefined;
  }
  return bytes;
}

function readWhole(disk: Disk, path: SafePath, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  using reader = disk.open(path);
  for (let filled = 0; filled < size;) {
    const count = reader.read(bytes.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return bytes;
}

/** A file as the server has it or had it; nothing if it cannot give all of it. */
async function fetchReadable(
  file: FileEntry,
  run: RunContext & { readonly read: LocalRead },
): Promise<Uint8Array | undefined> {
  try {
    return await fetchContent(file, manifestOf(file, run), run.remote);
  } catch (cause) {
    if (cause instanceof UnreadableChunks) return undefined;
    throw cause;
  }
}

function manifestOf(file: FileEntry, { manifest, read }: RunContext & { readonly read: LocalRead }): Manifest {
  return manifestOfFile(file, (content) => read.manifests.get(content), manifest);
}

/** Cuts a file into chunks and sends those that the server lacks, unless this run changes nothing. */
async function sendFile(
  disk: SingleFile,
  { remote, options }: RunContext,
): Promise<{ file: FileEntry; manifest: Manifest }> {
  using uploader = options.dryRun ? undefined : new Uploader(remote, options);
  const read = await readFiles(disk, [disk.unread], { clock: options.clock, sink: uploader, progress: silentProgress });
  await uploader?.finish();
  const entry = read.nodes.get(disk.unread.path)?.entry;
  if (entry?.kind !== "file") throw new TypeError("A file in memory could not be read");
  const manifest = read.manifests.get(entry.content) ?? Manifest.of([{ hash: entry.content, length: entry.size }]);
  return { file: entry, manifest: entry.size === 0 ? Manifest.of([]) : manifest };
}

/** A disk with one file on it, which lies in memory. */
class SingleFile implements Disk {
  readonly root = "memory";
  readonly keepsModes = true;
  readonly unread: UnreadFile;
  readonly #bytes: Uint8Array;
  readonly #stat: DiskStat;

  constructor(path: SafePath, bytes: Uint8Array, { mode, time }: { readonly mode: number; readonly time: FileTime }) {
    this.#bytes = bytes;
    this.#stat = { kind: "file", size: bytes.length, mode, ...timeOf(time), ctimeMs: 0, inode: 0 };
    this.unread = { path, stat: this.#stat, known: undefined };
  }

  readDirectory(): [] {
    return [];
  }

  stat(): DiskStat {
    return this.#stat;
  }

  readLink(path: SafePath): string {
    throw new TypeError(`"${path}" is a file in memory, no link`);
  }

  open(): DiskReader {
    let offset = 0;
    return {
      read: (into) => {
        const piece = this.#bytes.subarray(offset, offset + into.length);
        into.set(piece);
        offset += piece.length;
        return piece.length;
      },
      stat: () => this.#stat,
      [Symbol.dispose]: () => {},
    };
  }
}
