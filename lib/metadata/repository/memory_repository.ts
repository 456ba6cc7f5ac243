import type { Hash, Result, SafePath } from "../../core/mod.ts";
import type { Replica } from "../file_metadata.ts";
import type { MemorySpace } from "../store/memory_space.ts";
import type { MemoryMetadataStore } from "../store/memory_store.ts";
import type { Row } from "../store/row.ts";
import { Glob } from "./glob.ts";
import { listRanges } from "./list_range.ts";
import { MemoryAnnouncements } from "./memory_announcements.ts";
import { type MemorySides, pathsIn } from "./memory_paths.ts";
import type {
  ListQuery,
  MetadataPage,
  MetadataRepository,
  MetadataVersion,
  PathMetadata,
  StepReceipt,
  StepRefusal,
  Transaction,
} from "./metadata_repository.ts";
import {
  announcedVersion,
  type Committed,
  committedVersion,
  compareVersions,
  gone,
  known,
  type PathState,
  statusOf,
} from "./path_state.ts";
import { pathOf, planTransaction } from "./plan_transaction.ts";

/** A {@linkcode MetadataRepository} over a store in memory: for tests, and for trying things out. */
export class MemoryMetadataRepository implements MetadataRepository {
  readonly #store: MemoryMetadataStore;
  readonly #spaces = new Map<string, MemorySides>();
  readonly #hashes = new Map<Hash, Hash>();

  /**
   * Begins with what is committed in the store, and nothing announced.
   *
   * @param store The store whose spaces these are.
   */
  constructor(store: MemoryMetadataStore) {
    this.#store = store;
  }

  /** What is known of a path now. */
  get(space: string, path: SafePath): Promise<PathMetadata | undefined> {
    return promised(() => known(path, this.#state(this.#sides(space), path)));
  }

  /** What is known of some paths. */
  getMany(space: string, paths: readonly SafePath[]): Promise<(PathMetadata | undefined)[]> {
    return promised(() => {
      const sides = this.#sides(space);
      return paths.map((path) => known(path, this.#state(sides, path)));
    });
  }

  /** A page of what is known. */
  list(space: string, query: ListQuery): Promise<MetadataPage> {
    return promised(() => {
      const sides = this.#sides(space);
      const glob = query.glob === undefined ? undefined : new Glob(query.glob);
      const entries: PathMetadata[] = [];
      for (const range of listRanges(query)) {
        for (const path of pathsIn(sides, range)) {
          if (glob?.matches(path) === false) continue;
          const state = this.#state(sides, path);
          const status = statusOf(state);
          if (query.state === undefined ? status === "deleted" : status !== query.state) continue;
          const found = status === "deleted" ? gone(path, state) : known(path, state);
          if (found === undefined) continue;
          if (entries.length === query.limit) return { entries, next: entries.at(-1)!.metadata.path };
          entries.push(found);
        }
      }
      return { entries };
    });
  }

  /** All versions of a path. */
  history(space: string, path: SafePath): Promise<MetadataVersion[]> {
    return promised(() => {
      const { space: tree, announcements } = this.#sides(space);
      const committed = tree.history(path).map((version) => {
        return committedVersion(path, { ...version, hash: this.#hashOf(version.entry) });
      });
      return [...committed, ...announcements.all(path).map(announcedVersion)].sort(compareVersions);
    });
  }

  /** Who holds which version of a path. */
  async replicas(space: string, path: SafePath): Promise<Replica[]> {
    const found = await this.get(space, path);
    return [...found?.metadata.syncState.replicas ?? []];
  }

  /** Does several steps at once or none of them. */
  transact(space: string, transaction: Transaction): Promise<Result<StepReceipt[], StepRefusal>> {
    return promised(() => {
      const sides = this.#sides(space);
      const paths = new Set(transaction.steps.map(pathOf));
      const states = new Map(Array.from(paths, (path) => [path, this.#state(sides, path)]));
      const plan = planTransaction(states, transaction);
      if (!plan.ok) return plan;
      sides.announcements.apply(plan.value);
      return { ok: true, value: plan.value.receipts };
    });
  }

  /** Keeps the SHA-256 of a content that has another name. */
  rememberHash(content: Hash, hash: Hash): Promise<void> {
    return promised(() => void this.#hashes.set(content, hash));
  }

  /** The SHA-256 that was kept of a content. */
  rememberedHash(content: Hash): Promise<Hash | undefined> {
    return promised(() => this.#hashes.get(content));
  }

  /** Does nothing; there is nothing to close. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #sides(name: string): MemorySides {
    const known = this.#spaces.get(name);
    if (known !== undefined) return known;
    const sides: MemorySides = {
      space: this.#store.spaceOf(name),
      announcements: new MemoryAnnouncements(),
      folders: undefined,
      names: new Map(),
    };
    this.#spaces.set(name, sides);
    return sides;
  }

  #state({ space, announcements }: MemorySides, path: SafePath): PathState {
    const row = space.newest(path);
    return {
      committed: row && this.#committed(space, row),
      announced: announcements.newest(path),
      replicas: announcements.replicas(path),
    };
  }

  #committed(space: MemorySpace, { entry, version, revision }: Row): Committed {
    const { client, committedAtMs } = space.revision(revision);
    return { entry, version, revision, client, committedAtMs, hash: this.#hashOf(entry) };
  }

  /** A content of one chunk or none is named by its hash. */
  #hashOf(entry: Row["entry"]): Hash | undefined {
    if (entry?.kind !== "file") return undefined;
    return this.#hashes.get(entry.content) ?? (this.#store.hasManifest(entry.content) ? undefined : entry.content);
  }
}

/** Runs something at once, and gives what it returns or throws as a promise. */
function promised<T>(run: () => T): Promise<T> {
  try {
    return Promise.resolve(run());
  } catch (cause) {
    return Promise.reject(cause);
  }
}
