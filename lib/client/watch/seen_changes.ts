import { baseName, parentPath, parseSafePath, rootPath, type SafePath } from "../../core/mod.ts";
import { ignoreFileName, stagedPrefix, stateDirectoryName } from "../../sync/mod.ts";
import { wakeFileName } from "../workspace/mod.ts";

/**
 * What a watcher tells: that from here on it sees all; that something changed, in these directories or in what is new in
 * them; that it missed what changed, or cannot say where.
 */
export type FolderChange =
  | { readonly kind: "began" | "missed" }
  | { readonly kind: "changed"; readonly directories: ReadonlySet<SafePath> };

/** Gathers what a watcher saw, without what dfs does in its own folder of state and with files that it stages. */
export class SeenChanges {
  readonly #directories = new Set<SafePath>();
  #missed = false;

  /** Something happened anywhere. */
  miss(): void {
    this.#missed = true;
  }

  /**
   * Something happened to a path.
   *
   * @param path From the watched folder on, with slashes; empty for the folder itself.
   * @param mayBeFolder Whether it may have happened in a folder of that path, too.
   */
  add(path: string, mayBeFolder: boolean): void {
    if (path === "") {
      this.#directories.add(rootPath);
      return;
    }
    const slash = path.indexOf("/");
    const top = slash < 0 ? path : path.slice(0, slash);
    if (top === stateDirectoryName) {
      this.#missed ||= path === `${stateDirectoryName}/${wakeFileName}`;
      return;
    }
    const safe = parseSafePath(path);
    if (!safe.ok) return this.miss();
    const name = baseName(safe.value);
    if (name.startsWith(stagedPrefix)) return;
    // What is ignored from now on may be anywhere below.
    if (name === ignoreFileName) return this.miss();
    this.#directories.add(parentPath(safe.value));
    if (mayBeFolder) this.#directories.add(safe.value);
  }

  /** What it comes to; nothing if dfs itself made it all. */
  change(): FolderChange | undefined {
    if (this.#missed) return { kind: "missed" };
    return this.#directories.size === 0 ? undefined : { kind: "changed", directories: this.#directories };
  }
}
