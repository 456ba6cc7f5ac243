import type { SafePath } from "../../lib/core/mod.ts";
import {
  type CommitReceipt,
  type Entry,
  type FileEntry,
  type RetentionRule,
  sameEntry,
  type VersionRecord,
} from "../../lib/metadata/mod.ts";

/** A version that the server made. */
interface NotedVersion {
  readonly entry: Entry | undefined;
  readonly revision: number;
  readonly committedAtMs: number;
  /** Whether there was a collection that might remove it. */
  expired: boolean;
}

/** Notes every version that a server made, and which of them no rule of retention keeps any more. */
export class Ledger {
  /** The versions of each path, oldest first. */
  readonly #versions = new Map<SafePath, NotedVersion[]>();

  /** Notes what a commit made. */
  note(
    { added, modified, deleted, revision }: CommitReceipt,
    { puts, committedAtMs }: { readonly puts: ReadonlyMap<SafePath, Entry>; readonly committedAtMs: number },
  ): void {
    for (const path of [...added, ...modified, ...deleted]) {
      const versions = this.#versions.get(path) ?? [];
      this.#versions.set(path, versions);
      versions.push({ entry: puts.get(path), revision, committedAtMs, expired: false });
    }
  }

  /** Notes that a collection might remove what the rule does not keep at a time. */
  collect({ keepVersions, keepForMs }: RetentionRule, nowMs: number): void {
    if (keepVersions === undefined && keepForMs === undefined) return;
    for (const versions of this.#versions.values()) {
      for (const [index, version] of versions.entries()) {
        const next = versions[index + 1];
        if (next === undefined) continue;
        const isOld = keepForMs === undefined || next.committedAtMs <= nowMs - keepForMs;
        const isPast = versions.length - index > (keepVersions ?? 1);
        if (isOld && isPast) version.expired = true;
      }
    }
  }

  /** Whether a version of a path is to be in its history, or was never made. */
  isKept(path: SafePath, entry: Entry): boolean {
    const made = this.#versions.get(path)?.filter((version) => sameEntry(version.entry, entry)) ?? [];
    return made.length === 0 || made.some(({ expired }) => !expired);
  }

  /** Every version that is to be in the history of its path; says those that are not in the one it has. */
  async missing(history: (path: SafePath) => Promise<readonly VersionRecord[]>): Promise<string[]> {
    const missing: string[] = [];
    for (const [path, versions] of this.#versions) {
      const there = new Set((await history(path)).map(({ revision }) => revision));
      for (const { revision, expired } of versions) {
        if (!expired && !there.has(revision)) missing.push(`${path} of revision ${revision}`);
      }
    }
    return missing;
  }

  /** Every file that is to be readable, each content once. */
  *files(): Generator<readonly [SafePath, FileEntry]> {
    const seen = new Set<string>();
    for (const [path, versions] of this.#versions) {
      for (const { entry, expired } of versions) {
        if (expired || entry?.kind !== "file" || seen.has(entry.content)) continue;
        seen.add(entry.content);
        yield [path, entry];
      }
    }
  }
}
