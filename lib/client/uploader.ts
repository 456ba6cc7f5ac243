import { type Hash, Semaphore } from "../core/mod.ts";
import { encodeFrameParts, frameChunksMax, frameRawBytesTarget } from "../storage/mod.ts";
import { type ChunkWindow, windowBytes, type WindowChunk, type WindowSink } from "../sync/mod.ts";
import type { Remote } from "./remote.ts";

/** How many windows may be on their way at once: one is being read while one is asked about and one is sent. */
const windowsInFlightMax = 3;

/** What an {@linkcode Uploader} did. */
export interface UploadCounts {
  /** Chunks the server lacked. */
  readonly chunks: number;
  /** Their bytes as they are in the files. */
  readonly bytes: number;
  /** Their bytes as they travelled. */
  readonly sentBytes: number;
}

/**
 * Sends to the server what it lacks of the chunks that are read: asks for a whole window at once, then sends the lacking
 * ones in one request, several windows in flight. A chunk that is on its way already is not asked about again.
 */
export class Uploader implements WindowSink {
  readonly #remote: Remote;
  readonly #slots = new Semaphore(windowsInFlightMax);
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  readonly #inFlight = new Set<Hash>();
  readonly #running = new Set<Promise<void>>();
  readonly #onSent: ((bytes: number) => void) | undefined;
  #failure: unknown;
  #chunks = 0;
  #bytes = 0;
  #sentBytes = 0;

  constructor(remote: Remote, options: { readonly onSent?: ((bytes: number) => void) | undefined } = {}) {
    this.#remote = remote;
    this.#onSent = options.onSent;
  }

  /** What it did so far. */
  get counts(): UploadCounts {
    return { chunks: this.#chunks, bytes: this.#bytes, sentBytes: this.#sentBytes };
  }

  /** @throws whatever an earlier window failed with. */
  async take(window: ChunkWindow): Promise<Uint8Array<ArrayBuffer>> {
    const slot = await this.#slots.acquire();
    if (this.#failure !== undefined) {
      slot[Symbol.dispose]();
      throw this.#failure;
    }
    const fresh = window.chunks.filter(({ hash }) => !this.#inFlight.has(hash) && this.#inFlight.add(hash));
    const work = this.#send(window.buffer, fresh).catch((cause) => {
      this.#failure ??= cause;
    }).finally(() => {
      for (const { hash } of fresh) this.#inFlight.delete(hash);
      this.#spare.push(window.buffer);
      this.#running.delete(work);
      slot[Symbol.dispose]();
    });
    this.#running.add(work);
    return this.#spare.pop() ?? new Uint8Array(windowBytes);
  }

  /** Waits until everything taken has arrived. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #send(buffer: Uint8Array, chunks: readonly WindowChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const lacking = await this.#remote.lacking(chunks.map(({ hash }) => hash));
    if (lacking.size === 0) return;
    const wanted = chunks.filter(({ hash }) => lacking.has(hash));
    const pieces = groupChunks(wanted).flatMap((group) => packGroup(buffer, group));
    await this.#remote.putFrames(pieces);
    const sent = pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#chunks += wanted.length;
    this.#bytes += wanted.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#sentBytes += sent;
    this.#onSent?.(sent);
  }
}

/** Groups chunks into what goes into one frame. */
function groupChunks(chunks: readonly WindowChunk[]): WindowChunk[][] {
  const groups: WindowChunk[][] = [];
  let bytes = Infinity;
  for (const chunk of chunks) {
    if (bytes >= frameRawBytesTarget || groups.at(-1)!.length === frameChunksMax) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(chunk);
    bytes += chunk.end - chunk.start;
  }
  return groups;
}

/** Packs a group into a frame; chunks that lie one behind the other are not copied. */
function packGroup(buffer: Uint8Array, group: readonly WindowChunk[]): readonly [Uint8Array, Uint8Array] {
  const lengths = group.map(({ start, end }) => end - start);
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  const { start } = group[0]!;
  if (group.at(-1)!.end - start === bytes) return encodeFrameParts(buffer.subarray(start, start + bytes), lengths);
  const raw = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of group) {
    raw.set(buffer.subarray(chunk.start, chunk.end), offset);
    offset += chunk.end - chunk.start;
  }
  return encodeFrameParts(raw, lengths);
}
