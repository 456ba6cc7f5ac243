import { type Hash, nextTurn, Semaphore } from "../../core/mod.ts";
import { type ChunkWindow, type WindowChunk, type WindowSink } from "../../sync/mod.ts";
import { DeltaPatience } from "./delta_patience.ts";
import { type ChunkPacker, PackThread } from "./pack_thread.ts";
import type { Remote } from "../remote/mod.ts";
import { sendDeltas } from "./send_deltas.ts";

/** What an {@linkcode Uploader} did. */
export interface UploadCounts {
  /** Chunks the server lacked. */
  readonly chunks: number;
  /** Their bytes as they are in the files. */
  readonly bytes: number;
  /** Their bytes as they travelled. */
  readonly sentBytes: number;
}

/** Options of an {@linkcode Uploader}. */
export interface UploaderOptions {
  /** How many requests with content may be on their way at once; 3 unless told. */
  readonly inFlight?: number | undefined;
  /** Makes what packs the chunks; a thread of its own does unless told. */
  readonly packer?: () => ChunkPacker;
}

const inFlightDefault = 3;
/** So many windows are asked about and packed while others are sent; with fewer, each side waits for the other's turn. */
const windowsAhead = 3;

/**
 * Sends to the server what it lacks of the chunks that are read: asks for a whole window at once, then sends the lacking
 * ones in one request, several windows in flight. A chunk that is on its way already is not asked about again. One whose
 * file has an earlier version is sent as its difference to that, where that is shorter.
 */
export class Uploader implements WindowSink, Disposable {
  readonly #remote: Remote;
  readonly #packing: ChunkPacker;
  /** Held by each window that is dealt with. */
  readonly #slots: Semaphore;
  /** Held by each of them while it is sent. */
  readonly #sending: Semaphore;
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  readonly #inFlight = new Set<Hash>();
  readonly #patience = new DeltaPatience();
  readonly #running = new Set<Promise<void>>();
  #failure: unknown;
  #chunks = 0;
  #bytes = 0;
  #sentBytes = 0;

  /** Sends nothing yet. */
  constructor(remote: Remote, options: UploaderOptions = {}) {
    this.#remote = remote;
    this.#packing = options.packer?.() ?? new PackThread();
    const { inFlight = inFlightDefault } = options;
    this.#slots = new Semaphore(inFlight + windowsAhead);
    this.#sending = new Semaphore(inFlight);
  }

  /** What it did so far. */
  get counts(): UploadCounts {
    return { chunks: this.#chunks, bytes: this.#bytes, sentBytes: this.#sentBytes };
  }

  /**
   * Sends what the server lacks of a window, beside what is on its way; gives memory for the next one.
   *
   * @throws whatever an earlier window failed with.
   */
  async take(window: ChunkWindow): Promise<Uint8Array<ArrayBuffer>> {
    const slot = await this.#slots.acquire();
    if (this.#failure !== undefined) {
      slot[Symbol.dispose]();
      throw this.#failure;
    }
    const fresh = window.chunks.filter(({ hash }) => !this.#inFlight.has(hash) && this.#inFlight.add(hash));
    const work = this.#send(window.buffer, fresh).then((buffer) => {
      this.#spare.push(buffer);
    }, (cause) => {
      this.#failure ??= cause;
    }).finally(() => {
      for (const { hash } of fresh) this.#inFlight.delete(hash);
      this.#running.delete(work);
      slot[Symbol.dispose]();
    });
    this.#running.add(work);
    const { length } = window.buffer;
    // Reading holds this thread, which the network needs, too.
    await nextTurn();
    return this.#spare.pop() ?? new Uint8Array(length);
  }

  /** Waits until everything taken has arrived. Nothing can be taken afterwards. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    this[Symbol.dispose]();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the thread that packs. */
  [Symbol.dispose](): void {
    this.#packing[Symbol.dispose]();
  }

  /** Sends what the server lacks of a window; gives a buffer that can be read into again. */
  async #send(buffer: Uint8Array<ArrayBuffer>, chunks: readonly WindowChunk[]): Promise<Uint8Array<ArrayBuffer>> {
    if (chunks.length === 0) return buffer;
    const lacking = await this.#remote.lacking(chunks.map(({ hash }) => hash));
    if (lacking.size === 0) return buffer;
    const wanted = chunks.filter(({ hash }) => lacking.has(hash));
    this.#chunks += wanted.length;
    this.#bytes += wanted.reduce((sum, { start, end }) => sum + end - start, 0);
    const arrived = await this.#inTurn(() => this.#sendDeltas(buffer, wanted));
    const whole = wanted.filter(({ hash }) => !arrived.has(hash));
    if (whole.length === 0) return buffer;
    const packed = await this.#packing.pack(buffer, whole);
    await this.#inTurn(() => this.#remote.putFrames(packed.pieces));
    this.#sentBytes += packed.pieces.reduce((sum, piece) => sum + piece.length, 0);
    return packed.buffer;
  }

  /** Sends content when no more is on its way than may be. */
  async #inTurn<Sent>(send: () => Promise<Sent>): Promise<Sent> {
    using _turn = await this.#sending.acquire();
    return await send();
  }

  /** Sends what it can of some chunks as deltas; gives those that arrived. */
  async #sendDeltas(buffer: Uint8Array, chunks: readonly WindowChunk[]): Promise<ReadonlySet<Hash>> {
    const { deltas } = this.#remote;
    if (deltas === undefined || !chunks.some(({ replaces }) => replaces) || !this.#patience.tries()) return new Set();
    const sent = await sendDeltas(deltas, buffer, chunks);
    if (sent === undefined) return new Set();
    this.#patience.learn(sent.arrived.size > 0);
    this.#sentBytes += sent.sentBytes;
    return sent.arrived;
  }
}
