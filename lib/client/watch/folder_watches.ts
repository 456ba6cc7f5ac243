import { Inotify, inotifyMask } from "./inotify.ts";

/** What happened in a watched folder, or to the topmost one. */
export interface FolderEvent {
  /** The folder's path. */
  readonly folder: string;
  /** The name in it; empty if it happened to the folder itself. */
  readonly name: string;
  /** Whether a folder bears the name. */
  readonly isFolder: boolean;
}

/** What {@linkcode FolderWatches.take} saw. */
export interface SeenInFolders {
  /** What happened, in order. */
  readonly events: readonly FolderEvent[];
  /** The folders that are watched from now on; not all that happened in them before is among the events. */
  readonly begun: readonly string[];
  /** Whether more happened than Linux keeps. */
  readonly missed: boolean;
}

/** Watches a folder and all folders in it by inotify, new ones as they come. No link is followed. */
export class FolderWatches implements Disposable {
  readonly #root: string;
  readonly #leaveOut: (folder: string) => boolean;
  readonly #inotify = Inotify.open();
  /** The paths of the watched folders by the numbers of their watches. */
  #folders = new Map<number, string>();

  /**
   * Begins to watch. Folders that cannot be read are left out, as they are by a run, which says so.
   *
   * @param leaveOut Says which folders are not watched, nor what is in them.
   * @throws If the folder cannot be read, or the system lets no more be watched.
   */
  constructor(root: string, leaveOut: (folder: string) => boolean) {
    this.#root = root;
    this.#leaveOut = leaveOut;
    try {
      if (this.#watch([root]).length === 0) throw new Error(`"${root}" cannot be read`);
    } catch (cause) {
      this[Symbol.dispose]();
      throw cause;
    }
  }

  /** Settles when something happened, or {@linkcode FolderWatches.end} was called. */
  wait(): Promise<void> {
    return this.#inotify.wait();
  }

  /** Lets every wait end, those to come too. */
  end(): void {
    this.#inotify.end();
  }

  /**
   * What was seen since the last call; new folders are watched by then.
   *
   * @throws If the system lets no more be watched.
   */
  take(): SeenInFolders {
    const events: FolderEvent[] = [];
    const [left, come] = [new Set<string>(), new Set<string>()];
    let missed = false;
    for (const { watch, mask, name } of this.#inotify.read()) {
      if (has(mask, inotifyMask.overflow)) missed = true;
      const folder = this.#folders.get(watch);
      if (folder === undefined) continue;
      if (has(mask, inotifyMask.ignored)) this.#folders.delete(watch);
      // What happens to another folder than the topmost is told by the one that it lies in.
      if (name === "" && folder !== this.#root) continue;
      const isFolder = has(mask, inotifyMask.isDirectory);
      events.push({ folder, name, isFolder });
      if (!isFolder || name === "") continue;
      if (has(mask, inotifyMask.movedFrom)) left.add(`${folder}/${name}`);
      if (has(mask, mayBringFolder)) come.add(`${folder}/${name}`);
    }
    if (missed) return { events, begun: this.#watchAnew(), missed };
    this.#forget(left);
    return { events, begun: this.#watch([...come]), missed };
  }

  /** Closes it; nobody is to be waiting. */
  [Symbol.dispose](): void {
    this.#inotify[Symbol.dispose]();
  }

  /** Watches folders and all that are in them, but for those that it watches already; gives those that it did not. */
  #watch(tops: readonly string[]): string[] {
    const begun: string[] = [];
    const pending = [...tops];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      if (this.#leaveOut(folder)) continue;
      const watch = this.#inotify.add(folder);
      if (watch === undefined) {
        if (isReadable(folder)) throw new Error(watchLimit);
        continue;
      }
      // Whatever came into it since then was told.
      if (this.#folders.get(watch) === folder) continue;
      this.#folders.set(watch, folder);
      begun.push(folder);
      for (const inside of foldersIn(folder)) pending.push(inside);
    }
    return begun;
  }

  /** Watches what is there now, whatever it was that was watched before. */
  #watchAnew(): string[] {
    const before = this.#folders;
    this.#folders = new Map();
    const begun = this.#watch([this.#root]);
    for (const watch of before.keys()) if (!this.#folders.has(watch)) this.#inotify.remove(watch);
    return begun;
  }

  /** Watches some folders, and what is in them, no more: they bear other names now, or are elsewhere. */
  #forget(tops: ReadonlySet<string>): void {
    if (tops.size === 0) return;
    for (const [watch, folder] of this.#folders) {
      if (!isWithinAny(folder, tops)) continue;
      this.#folders.delete(watch);
      this.#inotify.remove(watch);
    }
  }
}

const watchLimit = "The watch limit of the system is reached";

/** What may bring a folder that is not watched; with other permissions it may be one that could not be read before. */
const mayBringFolder = inotifyMask.create | inotifyMask.movedTo | inotifyMask.attributes;

/** Whether a mask has any of some bits. */
function has(mask: number, bits: number): boolean {
  return (mask & bits) !== 0;
}

/** Whether a path is one of some, or lies below it. */
function isWithinAny(path: string, tops: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (tops.has(path.slice(0, end))) return true;
  }
  return false;
}

/** Whether a folder is there, and not a link to one, and its names can be read. */
function isReadable(folder: string): boolean {
  try {
    if (!Deno.lstatSync(folder).isDirectory) return false;
    Deno.readDirSync(folder)[Symbol.iterator]().next();
    return true;
  } catch (cause) {
    if (isExpected(cause)) return false;
    throw cause;
  }
}

/** The folders in one, without links to folders; none if it cannot be read, or is gone. */
function foldersIn(folder: string): string[] {
  try {
    const inside: string[] = [];
    for (const { name, isDirectory } of Deno.readDirSync(folder)) if (isDirectory) inside.push(`${folder}/${name}`);
    return inside;
  } catch (cause) {
    if (isExpected(cause)) return [];
    throw cause;
  }
}

/** Whether a folder could not be looked into for a reason that is not for the watcher to tell: a run does. */
function isExpected(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.PermissionDenied ||
    cause instanceof Deno.errors.NotADirectory;
}
