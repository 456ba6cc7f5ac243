import type { ByteTarget } from "./log_sink.ts";

/** Options of {@linkcode RotatingFile.open}. */
export interface RotatingFileOptions {
  /** How long a file gets before the next begins, in bytes; 16 MiB unless told. One batch that is longer is not cut. */
  readonly bytesMax?: number;
  /** How many full files are kept beside the one being written; 5 unless told. */
  readonly keep?: number;
}

/**
 * A log file that starts anew when it is full: `dfs.log` is the one being written, `dfs.log.1` the one before it, and so
 * on. Only its owner may read it.
 */
export class RotatingFile implements ByteTarget {
  readonly #path: string;
  readonly #bytesMax: number;
  readonly #keep: number;
  #open: OpenFile | undefined;

  private constructor(path: string, options: RotatingFileOptions, open: OpenFile) {
    this.#path = path;
    this.#bytesMax = options.bytesMax ?? 16 * 1024 * 1024;
    this.#keep = options.keep ?? 5;
    this.#open = open;
  }

  /** Opens a log file, to write behind what it holds. Rejects if the platform cannot. */
  static async open(path: string, options: RotatingFileOptions = {}): Promise<RotatingFile> {
    return new RotatingFile(path, options, await openFile(path));
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#open && this.#open.size > 0 && this.#open.size + bytes.length > this.#bytesMax) await this.#rotate();
    this.#open ??= await openFile(this.#path);
    const { file } = this.#open;
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
    this.#open.size += bytes.length;
  }

  close(): void {
    this.#open?.file.close();
    this.#open = undefined;
  }

  // Closed before it is renamed, as Windows wants it. If the platform fails in between, the next write opens it again.
  async #rotate(): Promise<void> {
    this.close();
    if (this.#keep === 0) return await Deno.truncate(this.#path);
    for (let number = this.#keep; number > 0; number--) {
      await renameIfThere(number === 1 ? this.#path : `${this.#path}.${number - 1}`, `${this.#path}.${number}`);
    }
  }
}

interface OpenFile {
  readonly file: Deno.FsFile;
  size: number;
}

async function openFile(path: string): Promise<OpenFile> {
  const file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
  return { file, size: (await file.stat()).size };
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
