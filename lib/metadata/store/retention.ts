import { Failure } from "../../core/mod.ts";

/**
 * Which superseded versions of its paths a space keeps: those that any of the two asks for; all of them if neither is
 * given. What lives now, and that a path was deleted, is kept whatever the rule.
 */
export interface RetentionRule {
  /** The newest so many versions of each path, what lives there now and deletions counted; at least 1. */
  readonly keepVersions?: number | undefined;
  /** Every version that lived within so many milliseconds before now. */
  readonly keepForMs?: number | undefined;
}

/** The rule of a space, and what is left by it. */
export interface Retention extends RetentionRule {
  /** The oldest revision of which everything is still there; 0 if nothing was removed yet. */
  readonly oldestWhole: number;
}

/** What removing versions came to. */
export interface PruneReceipt {
  /** How many versions were removed, deletions among them. */
  readonly versions: number;
}

/** How to remove chunk lists that nothing names. */
export interface ManifestPruneOptions {
  /** The present, in milliseconds since 1970. */
  readonly nowMs: number;
  /** For how long nothing must have named a list before it goes, in milliseconds; of 0 it goes when it is found so. */
  readonly graceMs: number;
  /** Whether to count only, and remove nothing. */
  readonly dryRun?: boolean | undefined;
}

/** What removing chunk lists came to. */
export interface ManifestPruneReceipt {
  /** How many have no name, and go when the grace is over. */
  readonly condemned: number;
  /** How many went. */
  readonly removed: number;
}

/** What a rule comes to at some time. */
export interface PruneLimits {
  /** A version that was superseded by a revision up to this one is not kept for its age. */
  readonly supersededMax: number;
  /** The newest so many versions are kept for their number. */
  readonly keepVersions: number;
}

/** A superseded version, as far as its removal is concerned. */
export interface SupersededVersion {
  readonly version: number;
  /** The revision that made the next version. */
  readonly superseded: number;
  /** The newest version of its path. */
  readonly newest: number;
}

/**
 * Checks a rule.
 *
 * @throws {Failure} kind `usage` if it makes no sense.
 */
export function checkRule({ keepVersions = 1, keepForMs = 0 }: RetentionRule): void {
  if (!Number.isSafeInteger(keepVersions) || keepVersions < 1) {
    throw new Failure("usage", `A space keeps at least 1 version of each path, got ${keepVersions}`);
  }
  if (!Number.isSafeInteger(keepForMs) || keepForMs < 0) {
    throw new Failure("usage", `A space keeps versions for a whole number of milliseconds, got ${keepForMs}`);
  }
}

/**
 * What a rule comes to.
 *
 * @param firstRecent The first revision that was committed within the time for which versions are kept; behind the head if
 * none was.
 * @returns `undefined` if everything is kept.
 */
export function pruneLimits(rule: RetentionRule, firstRecent: number): PruneLimits | undefined {
  const { keepVersions, keepForMs } = rule;
  if (keepVersions === undefined && keepForMs === undefined) return undefined;
  return {
    supersededMax: keepForMs === undefined ? Number.POSITIVE_INFINITY : firstRecent - 1,
    keepVersions: keepVersions ?? 1,
  };
}

/**
 * Says whether a superseded version goes. If it does, so do all older ones of its path: a past state is either right or
 * known not to be whole.
 */
export function isExpired({ version, superseded, newest }: SupersededVersion, limits: PruneLimits): boolean {
  return superseded <= limits.supersededMax && version <= newest - limits.keepVersions;
}

/**
 * Makes sure that everything is there of a past state.
 *
 * @throws {Failure} kind `not_found` if something was removed.
 */
export function checkWhole(space: string, revision: number, oldestWhole: number): void {
  if (revision >= oldestWhole) return;
  throw new Failure(
    "not_found",
    `Versions of revision ${revision} of the space ${JSON.stringify(space)} were removed; the oldest whole one is ` +
      `${oldestWhole}`,
  );
}
