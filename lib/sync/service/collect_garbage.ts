import type { Clock } from "../../core/mod.ts";
import type { EventBus } from "../../events/mod.ts";
import type { MetadataStore } from "../../metadata/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import { liveChunks } from "./named_chunks.ts";

/** What maintenance works with. */
export interface MaintenanceTools {
  /** Keeps the trees of all spaces and their history. */
  readonly metadata: MetadataStore;
  /** Keeps the bytes of all files. */
  readonly chunks: ChunkStore;
  /** Tells how old versions are. */
  readonly clock: Clock;
  /** Where it is announced what was removed, and what is damaged. */
  readonly events: EventBus;
}

/**
 * How long a chunk that nothing names is left in peace unless told otherwise, in milliseconds, once before and once after
 * it is condemned: longer than any upload takes from its first chunk to its commit. A shorter time loses nothing, but
 * makes uploads that go on send chunks again.
 */
export const defaultGraceMs: number = 24 * 60 * 60 * 1000;

/** How to collect garbage. */
export interface GarbageOptions {
  /** See {@linkcode defaultGraceMs}. */
  readonly graceMs?: number | undefined;
  /** Whether to count only, and leave everything as it is. */
  readonly dryRun?: boolean | undefined;
  /** Breaks the collection off; it rejects with the reason then, and what it did so far stays. */
  readonly signal?: AbortSignal | undefined;
}

/** What a collection of garbage did, or would do. */
export interface GarbageReport {
  /** Whether it only counted. */
  readonly dryRun: boolean;
  /** Versions that no rule of retention kept. */
  readonly versionsRemoved: number;
  /** Chunks that nothing names, to be removed when the grace is over. */
  readonly chunksCondemned: number;
  /** Condemned chunks that were named again. */
  readonly chunksSpared: number;
  /** Chunks removed. */
  readonly chunksRemoved: number;
  /** Bytes of the disk given back; of a dry run an estimate. */
  readonly bytesFreed: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** Removes the versions that no rule of retention keeps, then the chunk lists and the chunks that no version names. */
export async function collectGarbage(
  { metadata, chunks, clock, events }: MaintenanceTools,
  { graceMs = defaultGraceMs, dryRun = false, signal }: GarbageOptions,
): Promise<GarbageReport> {
  const startedMs = clock.monotonic();
  const nowMs = clock.now();
  let versionsRemoved = 0;
  for (const { space } of await metadata.spaces()) {
    const { versions } = await metadata.prune(space, { nowMs, dryRun });
    versionsRemoved += versions;
    if (versions > 0 && !dryRun) events.emit("storage.history_pruned", { space, versions });
  }
  await metadata.pruneManifests({ nowMs, graceMs, dryRun });
  const live = liveChunks(metadata, dryRun ? nowMs : undefined);
  const { condemned, spared, removed, bytesFreed } = await chunks.collect(live, { graceMs, dryRun, signal });
  const durationMs = clock.monotonic() - startedMs;
  if (!dryRun) events.emit("storage.gc_completed", { chunksRemoved: removed, bytesFreed, durationMs });
  return {
    dryRun,
    versionsRemoved,
    chunksCondemned: condemned,
    chunksSpared: spared,
    chunksRemoved: removed,
    bytesFreed,
    durationMs,
  };
}
