import { type Hash, platformFailure } from "../core/mod.ts";

/**
 * The folder in which files are put together before they take their place: `.dfs/staging`, on the same disk as the
 * target, so that one rename swaps the old content for the new one.
 *
 * A file is named for its content, so that a run that was interrupted finds what the one before it had finished.
 */
export class Staging {
  readonly #directory: string;

  /** Opens the folder, making it if need be. What an earlier run left in it stays. */
  constructor(directory: string) {
    this.#directory = directory;
    try {
      Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw platformFailure(`make the folder "${directory}"`, cause);
    }
  }

  /**
   * Where a content is staged.
   *
   * @param use Which of several files with this content it is for, from 0.
   */
  path(content: Hash, use: number): string {
    return `${this.#directory}/${content}-${use}`;
  }

  /** Where it is being put together until it is whole. */
  partPath(content: Hash, use: number): string {
    return `${this.path(content, use)}.part`;
  }

  /** Whether a content is staged, whole and durable, with the length it must have. */
  has(content: Hash, use: number, size: number): boolean {
    try {
      return Deno.lstatSync(this.path(content, use)).size === size;
    } catch {
      return false;
    }
  }

  /** Removes the folder and whatever is left in it. */
  clear(): void {
    Deno.removeSync(this.#directory, { recursive: true });
  }
}
