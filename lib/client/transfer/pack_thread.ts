import { Failure } from "../../core/mod.ts";
import { type ChunkSpan, packFrames, storeFrames } from "./frame_packer.ts";

/** What the worker is asked to do. The buffer is handed over, not copied. */
export interface PackTask {
  readonly id: number;
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly chunks: readonly ChunkSpan[];
}

/** What the worker gives back: the buffer, and the frames in pieces. */
export interface PackReply {
  /** Which task it answers. */
  readonly id: number;
  /** The buffer that was handed over. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** The frames one behind the other, in pieces. */
  readonly pieces: readonly Uint8Array[];
}

/** Packs chunks into frames. */
export interface ChunkPacker extends Disposable {
  /**
   * Packs chunks.
   *
   * @param buffer Where they lie. It is handed over: use the one that comes back.
   */
  pack(buffer: Uint8Array<ArrayBuffer>, chunks: readonly ChunkSpan[]): Promise<Omit<PackReply, "id">>;
}

/** From so many bytes of chunks at once on, starting a thread pays. */
const threadBytesMin: number = 1024 * 1024;

/**
 * Packs chunks into frames on a thread of its own, since compressing takes a third of the time of pushing many small
 * files and Deno's zlib does not leave the thread it is called on. The thread is started when there is enough to do;
 * what does not compress stays here, since handing it over would cost more than to pack it.
 */
export class PackThread implements ChunkPacker {
  #worker: Worker | undefined;
  #failure: Failure | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<PackReply>>();
  #next = 0;

  pack(buffer: Uint8Array<ArrayBuffer>, chunks: readonly ChunkSpan[]): Promise<Omit<PackReply, "id">> {
    const bytes = chunks.reduce((sum, { start, end }) => sum + end - start, 0);
    if (this.#worker === undefined && bytes < threadBytesMin) {
      return Promise.resolve({ buffer, pieces: packFrames(buffer, chunks) });
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const stored = storeFrames(buffer, chunks);
    if (stored !== undefined) return Promise.resolve({ buffer, pieces: stored });
    const worker = this.#worker ??= this.#start();
    const task: PackTask = { id: this.#next++, buffer, chunks: chunks.map(({ start, end }) => ({ start, end })) };
    const reply = Promise.withResolvers<PackReply>();
    this.#waiting.set(task.id, reply);
    worker.postMessage(task, [buffer.buffer]);
    return reply.promise;
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./pack_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<PackReply>): void => {
      this.#waiting.get(data.id)?.resolve(data);
      this.#waiting.delete(data.id);
    };
    worker.onerror = (event): void => {
      event.preventDefault();
      this.#failure = new Failure("io", `Compressing failed: ${event.message}`);
      for (const reply of this.#waiting.values()) reply.reject(this.#failure);
      this.#waiting.clear();
    };
    return worker;
  }
}
