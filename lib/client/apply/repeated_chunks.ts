import type { Hash } from "../../core/mod.ts";
import type { PlannedFile } from "../transfer/mod.ts";

/** How many bytes are kept at most. */
const keptBytesMax: number = 8 * 1024 * 1024;

/** Keeps chunks in memory that other files are to be made of, too: the same small files stand in many places of a tree. */
export class RepeatedChunks {
  /** How often each is still wanted. */
  readonly #wanted = new Map<Hash, number>();
  readonly #kept = new Map<Hash, Uint8Array<ArrayBuffer>>();
  #keptBytes = 0;

  /** Keeps nothing yet. */
  constructor(files: readonly PlannedFile[]) {
    for (const { sources } of files) {
      for (const { from, hash } of sources) {
        if (from === "staging") this.#wanted.set(hash, (this.#wanted.get(hash) ?? 0) + 1);
      }
    }
  }

  /** Keeps a copy of a chunk if it is wanted again, and lets go of the oldest if they are too much. */
  keep(hash: Hash, bytes: Uint8Array): void {
    if (!this.#wanted.has(hash) || this.#kept.has(hash)) return;
    this.#kept.set(hash, bytes.slice());
    this.#keptBytes += bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= keptBytesMax) break;
      this.#drop(oldest);
    }
  }

  /** The bytes of a chunk for one of the files that want it, if they are kept. */
  take(hash: Hash): Uint8Array<ArrayBuffer> | undefined {
    const left = (this.#wanted.get(hash) ?? 0) - 1;
    const bytes = this.#kept.get(hash);
    if (left > 0) this.#wanted.set(hash, left);
    else {
      this.#wanted.delete(hash);
      this.#drop(hash);
    }
    return bytes;
  }

  #drop(hash: Hash): void {
    this.#keptBytes -= this.#kept.get(hash)?.length ?? 0;
    this.#kept.delete(hash);
  }
}
