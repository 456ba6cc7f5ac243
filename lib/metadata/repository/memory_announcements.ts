import { baseName, parentPath, type SafePath } from "../../core/mod.ts";
import type { Replica } from "../file_metadata.ts";
import type { Announcement } from "./path_state.ts";
import type { TransactionPlan } from "./plan_transaction.ts";

/** What was announced in one space of a `MemoryMetadataRepository`. Values are replaced, never altered. */
export class MemoryAnnouncements {
  /** By folder and name the newest announcement of every path. */
  readonly directories: Map<SafePath, Map<string, Announcement>> = new Map();
  readonly #superseded = new Map<SafePath, Announcement[]>();
  readonly #replicas = new Map<SafePath, readonly Replica[]>();

  /** The newest announcement of a path, a withdrawal too. */
  newest(path: SafePath): Announcement | undefined {
    return this.directories.get(parentPath(path))?.get(baseName(path));
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
    const names = this.directories.get(directory) ?? new Map<string, Announcement>();
    this.directories.set(directory, names);
    const before = names.get(baseName(path));
    if (before !== undefined) this.#superseded.set(path, [before, ...this.#superseded.get(path) ?? []]);
    names.set(baseName(path), announcement);
  }
}
