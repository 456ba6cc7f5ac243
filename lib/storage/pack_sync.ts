import { dropCached, type Failure, platformFailure } from "../core/mod.ts";
import { packPath } from "./pack_file.ts";
import type { PackFolder } from "./pack_folder.ts";
import type { PackRecord } from "./pack_index.ts";

/** After so many bytes the medium begins to take them: else it would have nothing to do until somebody commits. */
export const earlyFlushBytes: number = 64 * 1024 * 1024;

/**
 * Makes durable what any process appended. Calls that come while one is at work share the next one, so that many
 * commits at once cost one flush.
 *
 * After a flush has failed every later call fails too: the system may have dropped the bytes and would report success
 * the next time ("PostgreSQL's fsync() surprise", LWN 2018). Reopening the store reads the packs again.
 */
export class PackSync {
  readonly #folder: PackFolder;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #failure: Failure | undefined;

  constructor(folder: PackFolder) {
    this.#folder = folder;
  }

  /** Resolves when all frames that were indexed before the call are on the medium for good. */
  sync(): Promise<void> {
    return this.#next ??= this.#afterRunning();
  }

  async #afterRunning(): Promise<void> {
    await this.#running.catch(() => {});
    this.#next = undefined;
    this.#running = this.#syncDirty();
    await this.#running;
  }

  async #syncDirty(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    for (const record of this.#folder.index.dirtyPacks()) await this.#syncPack(record);
  }

  async #syncPack(record: PackRecord): Promise<void> {
    const path = packPath(this.#folder.packs, record.id);
    try {
      using file = await this.#folder.openFile(path, { read: true, write: true });
      await file.syncData();
    } catch (cause) {
      // What it held was moved, and flushed, before it went.
      if (this.#folder.index.gonePacks().some(({ id }) => id === record.id)) return;
      this.#failure = platformFailure(`make pack "${path}" durable`, cause);
      throw this.#failure;
    }
    this.#folder.index.setDurable(record.id, record.indexedLength);
    const [from, length] = [record.durableLength, record.indexedLength - record.durableLength];
    // What comes in such amounts is not what is asked for all the time.
    if (length >= earlyFlushBytes) dropCached(path, { from, length });
  }
}
