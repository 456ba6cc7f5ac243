import { Failure, type Hash, type SafePath } from "../../core/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import type { MaintenanceTools } from "./collect_garbage.ts";
import { chunksOf, liveChunks } from "./named_chunks.ts";

/** Options of {@linkcode verifyStorage}. */
export interface VerifyOptions {
  /** Whether to take damaged chunks out of the store, so that clients that have them can send them again. */
  readonly repair?: boolean | undefined;
}

/** A version of a file that cannot be read whole. */
export interface DamagedVersion {
  /** Name of the space. */
  readonly space: string;
  /** Where the file lies, or lay. */
  readonly path: SafePath;
  /** Which version of the path. */
  readonly version: number;
  /** Whether it is the one that lives now. */
  readonly live: boolean;
}

/** Something that is stored otherwise than it must be, or not at all. */
export interface StorageDamage {
  /** The chunk; `undefined` if the damage lies in what surrounds the chunks. */
  readonly chunk: Hash | undefined;
  /** What is wrong, in a sentence. */
  readonly problem: string;
  /** The versions that need the chunk, up to {@linkcode versionsListedMax}; none if nothing names it. */
  readonly versions: readonly DamagedVersion[];
}

/** What was found in the store of a server. */
export interface StorageReport {
  /** How many chunks are stored. */
  readonly chunks: number;
  /** What is wrong; nothing if all is well. */
  readonly damage: readonly StorageDamage[];
  /** How many chunks were taken out, to be sent again. */
  readonly quarantined: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** How many versions are listed of one chunk: common content may be in very many files. */
export const versionsListedMax = 100;

/**
 * Reads everything that is stored and compares it with its name; looks whether every chunk that a version names is there;
 * and tells which versions are concerned.
 */
export async function verifyStorage(tools: MaintenanceTools, { repair }: VerifyOptions): Promise<StorageReport> {
  const { metadata, chunks, clock, events } = tools;
  const startedMs = clock.monotonic();
  const problems = new Map<Hash, string>();
  const damage: StorageDamage[] = [];
  for await (const { hash, problem } of chunks.verify()) {
    if (hash === undefined) damage.push({ chunk: undefined, problem, versions: [] });
    else problems.set(hash, problem);
  }
  const quarantined = repair ? (await chunks.quarantine([...problems.keys()])).length : 0;
  for await (const names of liveChunks(metadata)({ sinceLast: false })) {
    for (const hash of await absent(chunks, names)) {
      if (problems.has(hash)) continue;
      problems.set(hash, "It is not stored");
      events.emit("storage.corruption_found", {
        object: hash,
        error: "A version names the chunk, and it is not stored",
      });
    }
  }
  const concerned = problems.size === 0 ? new Map<Hash, DamagedVersion[]>() : await versionsNaming(problems, tools);
  for (const [chunk, problem] of problems) {
    const versions = concerned.get(chunk) ?? [];
    if (problem === notStored) {
      // The version that named it was removed in between, and the chunk with it.
      if (versions.length === 0) continue;
      events.emit("storage.corruption_found", {
        object: chunk,
        error: "A version names the chunk, and it is not stored",
      });
    }
    damage.push({ chunk, problem, versions });
  }
  const { chunks: count } = await chunks.stats();
  return { chunks: count, damage, quarantined, durationMs: clock.monotonic() - startedMs };
}

const notStored = "It is not stored";

/** Those of some chunks that cannot be had; one that is condemned can. */
export async function absent(chunks: ChunkStore, names: readonly Hash[]): Promise<Hash[]> {
  const gone: Hash[] = [];
  for (const hash of await chunks.lacking(names)) {
    if (await isReadable(chunks, hash)) continue;
    gone.push(hash);
  }
  return gone;
}

async function isReadable(chunks: ChunkStore, hash: Hash): Promise<boolean> {
  try {
    return await chunks.get(hash) !== undefined;
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "corrupt") return false;
    throw cause;
  }
}

async function versionsNaming(
  wanted: ReadonlyMap<Hash, unknown>,
  { metadata }: MaintenanceTools,
): Promise<Map<Hash, DamagedVersion[]>> {
  const found = new Map<Hash, DamagedVersion[]>();
  for await (const batch of metadata.files()) {
    for (const { file, space, path, version, live } of batch) {
      for (const hash of new Set(await chunksOf(metadata, file))) {
        if (!wanted.has(hash)) continue;
        const versions = found.get(hash) ?? [];
        found.set(hash, versions);
        if (versions.length < versionsListedMax) versions.push({ space, path, version, live });
      }
    }
  }
  return found;
}
