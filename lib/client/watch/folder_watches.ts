/** What one step of {@linkcode FolderWatches.next} saw. */
export type SeenEvent = Pick<Deno.FsEvent, "kind" | "paths" | "flag">;

/** Options of {@linkcode FolderWatches}. */
export interface FolderWatchesOptions {
  /** Whether each folder is watched by itself, and not the whole tree by the platform. */
  readonly each: boolean;
  /** Says which folders are not watched, nor what is in them, where each is watched by itself. */
  readonly leaveOut: (folder: string) => boolean;
}

/** How many watchers there may be before the later ones become one: a system has some 128 for each user. */
const watchersMax = 8;

/**
 * Watches a folder and all folders in it, new ones as they come; one by one if need be. Unlike the platform's own watching
 * of whole trees by inotify, that never follows a symbolic link: one that leads out of the folder would have the rest of
 * the disk watched, and many that lead to each other's folders would be followed for ever. Folders that cannot be read are
 * left out then, as they are by a run, which says so.
 */
export class FolderWatches implements Disposable {
  readonly #root: string;
  readonly #options: FolderWatchesOptions;
  /** Each with the folders at and below which it watches; the first is there for those that were there at first. */
  readonly #watchers: { readonly watcher: Deno.FsWatcher; readonly tops: readonly string[] }[] = [];
  #seen: SeenEvent[] = [];
  #failure: { readonly cause: unknown } | undefined;
  #news = Promise.withResolvers<void>();
  #closed = false;

  /**
   * Begins to watch.
   *
   * @throws what the platform throws if it cannot watch so many.
   */
  constructor(root: string, options: FolderWatchesOptions) {
    this.#root = root;
    this.#options = options;
    try {
      if (options.each) this.#watch([root]);
      else this.#open([root], [root]);
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  /**
   * What was seen since the last call, as soon as there is something; new folders are being watched by then.
   *
   * @returns `undefined` once it is closed.
   * @throws what the platform throws if it cannot watch a new folder.
   */
  async next(): Promise<SeenEvent[] | undefined> {
    await this.#news.promise;
    if (this.#closed) return undefined;
    if (this.#failure !== undefined) throw this.#failure.cause;
    this.#news = Promise.withResolvers();
    const seen = this.#seen;
    this.#seen = [];
    if (!this.#options.each) return seen;
    const touched = new Set(seen.flatMap(({ kind, paths }) => mayBeNew(kind) ? paths : []));
    touched.delete(this.#root);
    const grown = [...touched].filter(isFolder);
    if (seen.some(({ flag }) => flag === "rescan")) this.#renew(0, [this.#root]);
    else if (grown.length > 0) this.#watch(grown);
    if (this.#watchers.length > watchersMax) {
      this.#renew(1, [...new Set(this.#watchers.slice(1).flatMap(({ tops }) => tops))].filter(isFolder));
    }
    return seen;
  }

  /** Ends it; whoever waits is told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { watcher } of this.#watchers) watcher.close();
    this.#news.resolve();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Watches folders with all that is in them; what comes into being meanwhile, too. */
  #watch(tops: readonly string[]): void {
    const watched = new Set<string>();
    for (let found = this.#walk(tops, watched); found.length > 0; found = this.#walk(tops, watched)) {
      if (this.#open(found, tops)) { for (const folder of found) watched.add(folder); }
    }
    if (this.#watchers.length === 0) throw new Error(`"${this.#root}" cannot be read`);
  }

  /**
   * Puts new watchers in the place of those from a number on. What these saw and did not tell yet goes with them, so that
   * something may have changed anywhere: `other` says so.
   */
  #renew(from: number, tops: readonly string[]): void {
    const old = this.#watchers.splice(from);
    try {
      this.#watch(tops);
    } finally {
      for (const { watcher } of old) watcher.close();
    }
    this.#tell({ kind: "other", paths: [this.#root] });
  }

  /** Opens a watcher; says whether it did, or one of the folders went away meanwhile. */
  #open(folders: readonly string[], tops: readonly string[]): boolean {
    let watcher: Deno.FsWatcher;
    try {
      watcher = Deno.watchFs([...folders], { recursive: !this.#options.each });
    } catch (cause) {
      if (this.#options.each && cause instanceof Deno.errors.NotFound) return false;
      throw cause;
    }
    this.#watchers.push({ watcher, tops });
    void this.#gather(watcher);
    return true;
  }

  #tell(event: SeenEvent): void {
    this.#seen.push(event);
    this.#news.resolve();
  }

  async #gather(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const event of watcher) this.#tell(event);
    } catch (cause) {
      this.#failure ??= { cause };
      this.#news.resolve();
    }
  }

  /** All folders at and below some, but for those that are watched already, left out, or cannot be read. */
  #walk(tops: readonly string[], watched: ReadonlySet<string>): string[] {
    const found = new Set<string>();
    const pending = [...tops];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      if (found.has(folder) || this.#options.leaveOut(folder)) continue;
      const inside = foldersIn(folder);
      if (inside === undefined) continue;
      if (!watched.has(folder)) found.add(folder);
      pending.push(...inside);
    }
    return [...found];
  }
}

/** Whether what an event tells of may be a folder that was not there, or could not be read. */
function mayBeNew(kind: SeenEvent["kind"]): boolean {
  return kind !== "access" && kind !== "remove";
}

function isFolder(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    // What cannot be looked at cannot be watched; a run says why.
    return false;
  }
}

/** The folders in one, without links to folders; nothing if it cannot be read, or is gone. */
function foldersIn(folder: string): string[] | undefined {
  try {
    return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
      `${folder}/${name}`
    );
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.PermissionDenied) return undefined;
    if (cause instanceof Deno.errors.NotADirectory) return undefined;
    throw cause;
  }
}
