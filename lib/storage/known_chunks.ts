import type { Hash } from "../core/mod.ts";
import type { PackIndex } from "./pack_index.ts";

/** How many chunks are remembered at most: some 10 MB. */
export const knownChunksMax = 65_536;

/**
 * Knows which chunks are stored, and asks the index about each only once: whoever pushes names a chunk three times, to
 * hear whether it is lacking, to bring it, and to commit what is made of it.
 *
 * What it says is what the index would say at the time of the call. It remembers for as long as the index is changed by
 * nobody but through {@linkcode PackIndex.append}: when another process put, condemned or removed chunks, it forgets all.
 */
export class KnownChunks {
  readonly #index: Pick<PackIndex, "find" | "version">;
  readonly #stored = new Map<Hash, boolean>();
  #version: string | undefined;

  /** Knows nothing yet. */
  constructor(index: Pick<PackIndex, "find" | "version">) {
    this.#index = index;
  }

  /** Says of each chunk whether it is stored, and not condemned. */
  areStored(hashes: readonly Hash[]): boolean[] {
    const { version } = this.#index;
    if (version !== this.#version) this.#stored.clear();
    this.#version = version;
    const known = hashes.map((hash) => this.#stored.get(hash));
    const unknown = hashes.filter((_, at) => known[at] === undefined);
    if (unknown.length === 0) return known.map((stored) => stored === true);
    const found = this.#index.find(unknown).map((place) => place?.condemned === false);
    this.#remember(unknown, (at) => found[at]!);
    let next = 0;
    return known.map((stored) => stored ?? found[next++]!);
  }

  /** Takes note of chunks that this process has just entered into the index. */
  entered(hashes: readonly Hash[]): void {
    this.#remember(hashes, () => true);
  }

  #remember(hashes: readonly Hash[], stored: (at: number) => boolean): void {
    if (this.#stored.size + hashes.length > knownChunksMax) this.#stored.clear();
    if (hashes.length > knownChunksMax) return;
    for (const [at, hash] of hashes.entries()) this.#stored.set(hash, stored(at));
  }
}
