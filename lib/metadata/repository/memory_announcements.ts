import { baseName, parentPath, type SafePath } from "../../core/mod.ts";
import type { Replica } from "../file_metadata.ts";
import type { Announcement } from "./path_state.ts";
import type { TransactionPlan } from "./plan_transaction.ts";

/** What was announced in one space of a `MemoryMetadataRepository`. Values are replaced, never altered. */
export class MemoryAnnouncements {
  /** By folder the names of everything that was ever announced. */
  readonly directories: Map<SafePath, Set<string>> = new Map();
  readonly #newest = new Map<SafePath, Announcement>();
  readonly #superseded = new Map<SafePath, Announcement[]>();
  readonly #replicas = new Map<SafePath, readonly Replica[]>();

  /** The newest announcement of a path, a withdrawal too. */
  newest(path: SafePath): Announcement | undefined {
    return this.#newest.get(path);
  }

  /** All announcements of a path. */
  all(path: SafePath): Announcement[] {
    const newest = this.newest(path);
    return newest === undefined ? [] : [newest, ...this.#superseded.get(path) ?? []];
  }

  /** Who said to hold which version of a path. */
  replicas(path: SafePath): readonly Replica[] {
    return this.#replicas.get(path) ?? [];
  }

  /** Applies what a transaction came to. */
  apply({ announcements, replicas }: TransactionPlan): void {
    for (const announcement of announcements) this.#put(announcement);
    for (const [path, said] of replicas) this.#replicas.set(path, said);
  }

  #put(announcement: Announcement): void {
    const { path } = announcement.metadata;
    const directory = parentPath(path);
    const before = this.#newest.get(path);
    this.#newest.set(path, announcement);
    if (before !== undefined) {
      this.#superseded.set(path, [before, ...this.#superseded.get(path) ?? []]);
      return;
    }
    const names = this.directories.get(directory);
    if (names === undefined) this.directories.set(directory, new Set([baseName(path)]));
    else names.add(baseName(path));
  }
}
