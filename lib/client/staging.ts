import { type Hash, platformFailure, sha256 } from "../core/mod.ts";
import type { ChunkSource, PlannedFile } from "./fetch_plan.ts";

/**
 * The folder in which files are put together before they take their place: `.dfs/staging`, on the same disk as the
 * target, so that one rename swaps the old content for the new one.
 *
 * A file is named for its content, so that a run that was interrupted leaves something to go on from. What is found is
 * not believed, but read and compared chunk by chunk: the machine may have gone down before it was on the medium.
 */
export class Staging {
  readonly directory: string;
  /** What lay there when it was opened. */
  #found: ReadonlySet<string> = new Set();

  /** Looks at nothing yet. */
  constructor(directory: string) {
    this.directory = directory;
  }

  /** Opens the folder, making it if need be. */
  open(): void {
    const { directory } = this;
    try {
      Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
      this.#found = new Set(Array.from(Deno.readDirSync(directory), ({ name }) => name));
    } catch (cause) {
      throw platformFailure(`make the folder "${directory}"`, cause);
    }
  }

  /**
   * Where a content is put together.
   *
   * @param use Which of several files with this content it is for, from 0.
   */
  path(content: Hash, use: number): string {
    return `${this.directory}/${content}-${use}`;
  }

  /** Where a symbolic link is made before it takes its place. */
  get linkPath(): string {
    return `${this.directory}/link`;
  }

  /** How many chunks of a file an earlier run left here, whole and right, from the first on. */
  chunksOf(file: PlannedFile): number {
    if (!this.#found.has(`${file.content}-${file.use}`)) return 0;
    try {
      using staged = Deno.openSync(this.path(file.content, file.use), { read: true });
      return countRight(staged, file.sources);
    } catch {
      return 0;
    }
  }

  /** Removes the folder and whatever is left in it, if there is one. */
  clear(): void {
    try {
      Deno.removeSync(this.directory, { recursive: true });
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }
}

function countRight(staged: Deno.FsFile, sources: readonly ChunkSource[]): number {
  let count = 0;
  for (const { hash, length } of sources) {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const read = staged.readSync(bytes.subarray(filled));
      if (read === null) return count;
      filled += read;
    }
    if (sha256(bytes) !== hash) return count;
    count++;
  }
  return count;
}
