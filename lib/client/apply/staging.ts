import { type Hash, joinPath, platformFailure, rootPath, type SafePath, sha256 } from "../../core/mod.ts";
import { stateDirectoryName } from "../../sync/mod.ts";
import type { ChunkSource, PlannedFile } from "../transfer/mod.ts";
import type { Folder, FolderReader } from "../folder/mod.ts";

/** Where the folder lies for files that are being written; gone once they are in their place. */
export const stagingDirectory: SafePath = joinPath(joinPath(rootPath, stateDirectoryName), "staging");

/**
 * The folder in which files are put together before they take their place: `.dfs/staging`, on the same disk as the
 * target, so that one rename swaps the old content for the new one.
 *
 * A file is named for its content, so that a run that was interrupted leaves something to go on from. What is found is
 * not believed, but read and compared chunk by chunk: the machine may have gone down before it was on the medium.
 */
export class Staging {
  readonly #folder: Folder;
  /** What lay there when it was opened. */
  #found: ReadonlySet<string> = new Set();

  /** Looks at nothing yet. */
  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** Opens the folder, making it if need be. */
  open(): void {
    try {
      this.#found = new Set(this.#folder.readDirectory(stagingDirectory).map(({ name }) => name));
    } catch {
      this.#make();
    }
  }

  /**
   * Where a content is put together.
   *
   * @param use Which of several files with this content it is for, from 0.
   */
  path(content: Hash, use: number): SafePath {
    return joinPath(stagingDirectory, `${content}-${use}`);
  }

  /** Where a file is put together. */
  pathOf({ entry, use }: PlannedFile): SafePath {
    return this.path(entry.content, use);
  }

  /** Whether an earlier run left something of a file here. */
  isLeft({ entry, use }: PlannedFile): boolean {
    return this.#found.has(`${entry.content}-${use}`);
  }

  /** Where a symbolic link is made before it takes its place. */
  get linkPath(): SafePath {
    return joinPath(stagingDirectory, "link");
  }

  /** How many chunks of a file an earlier run left here, whole and right, from the first on. */
  chunksOf(file: PlannedFile): number {
    if (!this.isLeft(file)) return 0;
    try {
      using staged = this.#folder.open(this.pathOf(file));
      return countRight(staged, file.sources);
    } catch {
      return 0;
    }
  }

  /** Lets a file be written on that an earlier run left here; it may have the permissions of its place already. */
  reopen(file: PlannedFile): void {
    if (this.isLeft(file) && this.#folder.keepsModes) this.#folder.setMode(this.pathOf(file), 0o600);
  }

  /** Removes the folder and whatever is left in it, if there is one. */
  clear(): void {
    this.#folder.removeAll(stagingDirectory);
  }

  #make(): void {
    try {
      this.#folder.makeDirectory(stagingDirectory);
    } catch (cause) {
      throw platformFailure(`make the folder "${this.#folder.locate(stagingDirectory)}"`, cause);
    }
  }
}

function countRight(staged: FolderReader, sources: readonly ChunkSource[]): number {
  let count = 0;
  for (const { hash, length } of sources) {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const read = staged.read(bytes.subarray(filled));
      if (read === 0) return count;
      filled += read;
    }
    if (sha256(bytes) !== hash) return count;
    count++;
  }
  return count;
}
