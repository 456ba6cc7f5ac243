import {
  type ConflictPolicy,
  type ConflictRule,
  type ConflictRules,
  readConflictRules,
  type Retention,
  type RetentionRule,
} from "../metadata/mod.ts";
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

/** What clients of a space do about conflicts, as JSON tells it; a default of `null` leaves the rest to them. */
export interface ConflictRulesJson {
  readonly rules: readonly ConflictRule[];
  readonly default: ConflictPolicy | null;
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

/** Tells what clients of a space do about conflicts. */
export function conflictRulesJson({ rules, default: fallback }: ConflictRules): ConflictRulesJson {
  return { rules, default: fallback ?? null };
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

/** Says whether an answer tells a collection of garbage. */
export function isGarbageJson(data: unknown): data is GarbageJson {
  const counts = ["versions_removed", "chunks_condemned", "chunks_spared", "chunks_removed", "bytes_freed"];
  return has(data, "dry_run", "boolean") && counts.every((name) => has(data, name, "number"));
}

/** Says whether an answer tells a verification. */
export function isVerificationJson(data: unknown): data is VerificationJson {
  if (!has(data, "chunks", "number") || !has(data, "quarantined", "number")) return false;
  const damage = has(data, "damage", "object") ? data.damage : undefined;
  return Array.isArray(damage) && damage.every((one) => has(one, "problem", "string") && isListOfVersions(one));
}

/** Says whether an answer tells what clients of a space do about conflicts. */
export function isConflictRulesJson(data: unknown): data is ConflictRulesJson {
  return has(data, "rules", "object") && "default" in data && readConflictRules(data).ok;
}

/** Says whether an answer tells a rule of retention. */
export function isRetentionJson(data: unknown): data is RetentionJson {
  const limits = ["keep_versions", "keep_for_ms"];
  return has(data, "oldest_whole_revision", "number") &&
    limits.every((name) => has(data, name, "number") || (has(data, name, "object") && data[name] === null));
}

function isListOfVersions(damage: unknown): boolean {
  const versions = has(damage, "versions", "object") ? damage.versions : undefined;
  return Array.isArray(versions) && versions.every((one) => {
    return has(one, "path", "string") && has(one, "space", "string") && has(one, "version", "number");
  });
}

function has<Name extends string>(data: unknown, name: Name, type: string): data is Record<Name, unknown> {
  return typeof data === "object" && data !== null && Object.entries(data).some(([key, value]) => {
    return key === name && typeof value === type;
  });
}
