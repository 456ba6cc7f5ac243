import { err, type Hash, type Result, type SafePath } from "../../core/mod.ts";
import { checkConflictRules, type ConflictRules } from "../conflict_rules.ts";
import type { Manifest } from "../manifest.ts";
import { compareNames } from "../tree_hash.ts";
import { checkManifests } from "./check_manifests.ts";
import { checkRevision } from "./check_revision.ts";
import { MemorySpace } from "./memory_space.ts";
import type {
  Change,
  Commit,
  CommitReceipt,
  CommitRefusal,
  DirectoryBatch,
  FilesOptions,
  FileVersion,
  MetadataStore,
  PruneOptions,
  RevisionRecord,
  RevisionsOptions,
  SpaceHead,
  StoredEntry,
  VersionRecord,
} from "./metadata_store.ts";
import {
  checkRule,
  checkWhole,
  type ManifestPruneOptions,
  type ManifestPruneReceipt,
  type PruneReceipt,
  type Retention,
  type RetentionRule,
} from "./retention.ts";
import { unknownSpace } from "./unknown_space.ts";

/** A {@linkcode MetadataStore} that lives as long as the process: for tests, and for trying things out. */
export class MemoryMetadataStore implements MetadataStore {
  readonly #spaces = new Map<string, MemorySpace>();
  readonly #manifests = new Map<Hash, Manifest>();
  /** Since when chunk lists are known to have no name. */
  readonly #unnamed = new Map<Hash, number>();

  /** All spaces, sorted by name. */
  spaces(): Promise<SpaceHead[]> {
    return promised(() =>
      [...this.#spaces.values()].map(({ head }) => head).sort((a, b) => compareNames(a.space, b.space))
    );
  }

  /** Creates a space unless it exists. */
  createSpace(name: string): Promise<SpaceHead> {
    return promised(() => {
      const space = this.#spaces.get(name) ?? new MemorySpace(name);
      this.#spaces.set(name, space);
      return space.head;
    });
  }

  /** A space itself, for what stands beside the store in the same memory. */
  spaceOf(name: string): MemorySpace {
    return this.#space(name);
  }

  /** Whether a content has a chunk list, and so is not named by its own hash. */
  hasManifest(content: Hash): boolean {
    return this.#manifests.has(content);
  }

  /** Where a space stands. */
  head(space: string): Promise<SpaceHead | undefined> {
    return promised(() => this.#spaces.get(space)?.head);
  }

  /** Sets what clients of a space do about conflicts. */
  setConflictRules(space: string, rules: ConflictRules): Promise<SpaceHead> {
    return promised(() => {
      checkConflictRules(rules);
      return this.#space(space).setConflictRules(rules);
    });
  }

  /** What lives at a path now. */
  get(space: string, path: SafePath): Promise<StoredEntry | undefined> {
    return promised(() => this.#space(space).get(path));
  }

  /** The children of a directory now. */
  list(space: string, directory: SafePath): Promise<StoredEntry[]> {
    return promised(() => this.#space(space).list(directory));
  }

  /** Everything that lives now. */
  async *entries(space: string): AsyncGenerator<DirectoryBatch> {
    yield* this.#space(space).batches();
  }

  /** The paths whose entry changed since a revision. */
  changesSince(space: string, since: number): Promise<Change[]> {
    return promised(() => this.#spaceAt(space, since).changesSince(since));
  }

  /** Everything that lived at a past revision. */
  async *entriesAt(space: string, revision: number): AsyncGenerator<DirectoryBatch> {
    const target = this.#spaceAt(space, revision);
    checkWhole(space, revision, target.retention.oldestWhole);
    yield* target.batchesAt(revision);
  }

  /** All versions of a path. */
  history(space: string, path: SafePath): Promise<VersionRecord[]> {
    return promised(() => this.#space(space).history(path));
  }

  /** The revisions of a space. */
  revisions(
    space: string,
    { before = Infinity, limit = Infinity }: RevisionsOptions = {},
  ): Promise<RevisionRecord[]> {
    return promised(() => this.#space(space).revisions(before, limit));
  }

  /** The chunk list of a content. */
  manifest(content: Hash): Promise<Manifest | undefined> {
    return promised(() => this.#manifests.get(content));
  }

  /** Every version of every file in every space. */
  async *files({ keptAtMs }: FilesOptions = {}): AsyncGenerator<FileVersion[]> {
    for (const space of [...this.#spaces.values()]) yield space.files(keptAtMs);
  }

  /** The rule by which a space keeps superseded versions. */
  retention(space: string): Promise<Retention> {
    return promised(() => this.#space(space).retention);
  }

  /** Sets the rule by which a space keeps superseded versions. */
  setRetention(space: string, rule: RetentionRule): Promise<Retention> {
    return promised(() => {
      checkRule(rule);
      return this.#space(space).setRule(rule);
    });
  }

  /** Removes the versions of a space that its rule does not keep. */
  prune(space: string, { nowMs, dryRun = false }: PruneOptions): Promise<PruneReceipt> {
    return promised(() => ({ versions: this.#space(space).prune(nowMs, dryRun) }));
  }

  /** Removes chunk lists that nothing names. */
  pruneManifests({ nowMs, graceMs, dryRun = false }: ManifestPruneOptions): Promise<ManifestPruneReceipt> {
    return promised(() => {
      const named = new Set(
        this.#spaces.values().flatMap((space) => space.files(undefined)).map(({ file }) => file.content),
      );
      let [condemned, removed] = [0, 0];
      for (const content of this.#manifests.keys()) {
        if (named.has(content)) continue;
        const since = this.#unnamed.get(content) ?? nowMs;
        const isDue = since <= nowMs - graceMs;
        if (isDue) removed++;
        else condemned++;
        if (dryRun) continue;
        if (isDue) this.#forget(content);
        else this.#unnamed.set(content, since);
      }
      return { condemned, removed };
    });
  }

  /** Applies a commit whole or not at all. */
  commit(space: string, commit: Commit): Promise<Result<CommitReceipt, CommitRefusal>> {
    return promised(() => {
      checkManifests(commit.manifests);
      const target = this.#spaces.get(space);
      if (!target) return err({ reason: "no_space" });
      const outcome = target.commit(commit);
      for (const [content, manifest] of outcome.ok ? commit.manifests : []) {
        this.#manifests.set(content, manifest);
        this.#unnamed.delete(content);
      }
      return outcome;
    });
  }

  /** Does nothing; there is nothing to close. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #forget(content: Hash): void {
    this.#manifests.delete(content);
    this.#unnamed.delete(content);
  }

  #space(name: string): MemorySpace {
    const space = this.#spaces.get(name);
    if (!space) throw unknownSpace(name);
    return space;
  }

  #spaceAt(name: string, revision: number): MemorySpace {
    const space = this.#space(name);
    checkRevision(space.head, revision);
    return space;
  }
}

/** Runs something at once, and gives what it returns or throws as a promise. */
function promised<T>(run: () => T): Promise<T> {
  return new Promise((resolve) => resolve(run()));
}
