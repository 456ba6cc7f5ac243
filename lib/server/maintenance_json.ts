import type { Retention, RetentionRule } from "../metadata/mod.ts";
import type { AbsentChunk, GarbageReport, StorageReport } from "../sync/service/mod.ts";

/** A collection of garbage, as JSON tells it. */
export interface GarbageJson {
  readonly dry_run: boolean;
  readonly versions_removed: number;
  readonly chunks_condemned: number;
  readonly chunks_spared: number;
  readonly chunks_removed: number;
  readonly bytes_freed: number;
  readonly duration_ms: number;
}

/** A verification, as JSON tells it. */
export interface VerificationJson {
  readonly chunks: number;
  readonly quarantined: number;
  readonly duration_ms: number;
  readonly damage: readonly {
    readonly chunk: string | null;
    readonly problem: string;
    readonly versions: readonly {
      readonly space: string;
      readonly path: string;
      readonly version: number;
      readonly live: boolean;
    }[];
  }[];
}

/** A rule of retention, as JSON tells it; `null` for what is not limited. */
export interface RetentionJson {
  readonly keep_versions: number | null;
  readonly keep_for_ms: number | null;
  readonly oldest_whole_revision: number;
}

/** Tells a collection of garbage. */
export function garbageJson(report: GarbageReport): GarbageJson {
  return {
    dry_run: report.dryRun,
    versions_removed: report.versionsRemoved,
    chunks_condemned: report.chunksCondemned,
    chunks_spared: report.chunksSpared,
    chunks_removed: report.chunksRemoved,
    bytes_freed: report.bytesFreed,
    duration_ms: Math.round(report.durationMs),
  };
}

/** Tells a verification. */
export function verificationJson({ chunks, quarantined, durationMs, damage }: StorageReport): VerificationJson {
  return {
    chunks,
    quarantined,
    duration_ms: Math.round(durationMs),
    damage: damage.map(({ chunk, problem, versions }) => ({ chunk: chunk ?? null, problem, versions })),
  };
}

/** Tells a rule of retention. */
export function retentionJson({ keepVersions, keepForMs, oldestWhole }: Retention): RetentionJson {
  return {
    keep_versions: keepVersions ?? null,
    keep_for_ms: keepForMs ?? null,
    oldest_whole_revision: oldestWhole,
  };
}

/** Tells which chunks a space needs and the server cannot give. */
export function damageJson(absent: readonly AbsentChunk[]): { readonly damage: readonly AbsentChunk[] } {
  return { damage: absent };
}

/** The members of a rule as a request sends them. */
export function ruleRequest(
  { keepVersions, keepForMs }: RetentionRule,
): Partial<Omit<RetentionJson, "oldest_whole_revision">> {
  return { keep_versions: keepVersions ?? null, keep_for_ms: keepForMs ?? null };
}
