import { Failure, platformFailure, type SafePath, Semaphore } from "../../core/mod.ts";
import { fileCalls } from "./file_calls.ts";
import type { FileMaker, FileMarks } from "./folder.ts";

/** Files for the worker to make. */
export interface MakeTask {
  /** Names the task in the reply. */
  readonly id: number;
  /** Their bytes, one behind the other. It is handed over, not copied. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** Where they are to be, with NUL between them. */
  readonly paths: string;
  /** Of each file how many bytes it has, and its marks: {@linkcode numbersOf}. */
  readonly numbers: Float64Array;
}

/** What the worker gives back. */
export interface MakeReply {
  /** Which task it answers. */
  readonly id: number;
  /** The buffer that was handed over, with all in it. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** How many files were made, from the first on; all of them, or those before one that cannot be made. */
  readonly made: number;
}

/** A file of a {@linkcode MakeTask}. */
export interface TaskFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly marks: FileMarks;
}

/** So many numbers tell of a file. */
const numbersOfFile = 4;

function numbersOf(bytes: number, { mode, mtimeMs, mtimeRestNs = 0 }: FileMarks): number[] {
  return [bytes, mode, mtimeMs, mtimeRestNs];
}

/** The files of a task, in order. */
export function* taskFiles({ buffer, paths, numbers }: MakeTask): Generator<TaskFile> {
  let start = 0;
  for (const [index, path] of paths.split("\0").entries()) {
    const at = index * numbersOfFile;
    const end = start + numbers[at]!;
    const marks = { mode: numbers[at + 1]!, mtimeMs: numbers[at + 2]!, mtimeRestNs: numbers[at + 3]! };
    yield { path, bytes: buffer.subarray(start, end), marks };
    start = end;
  }
}

/** So many bytes are gathered before the worker makes the files of them. */
const batchBytes: number = 1024 * 1024;
/** And so many files at most. */
const batchFilesMax = 1024;
/** How many batches may be with the worker. */
const inFlightMax = 2;

/** Files that are made together. */
class Batch {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  #used = 0;
  readonly #paths: SafePath[] = [];
  readonly #located: string[] = [];
  readonly #numbers: number[] = [];
  /** Settles when all of them are there, or cannot be. */
  readonly done: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Takes memory for their bytes. */
  constructor(buffer: Uint8Array<ArrayBuffer>) {
    this.#buffer = buffer;
    this.done.promise.catch(() => {});
  }

  get paths(): readonly SafePath[] {
    return this.#paths;
  }

  fits(bytes: number): boolean {
    return this.#used + bytes <= this.#buffer.length && this.#paths.length < batchFilesMax;
  }

  add(path: SafePath, located: string, { bytes, marks }: Omit<TaskFile, "path">): void {
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#paths.push(path);
    this.#located.push(located);
    this.#numbers.push(...numbersOf(bytes.length, marks));
  }

  task(id: number): MakeTask {
    return { id, buffer: this.#buffer, paths: this.#located.join("\0"), numbers: new Float64Array(this.#numbers) };
  }
}

/** What the worker is at, or is to come to. */
interface Handed {
  readonly batch: Batch;
  readonly task: MakeTask;
  readonly slot: Disposable;
}

/**
 * Makes small files on a thread of its own, since most of the time of pulling many of them is the system's, which makes them.
 * The thread is started when there is enough to do.
 */
export class MakeThread implements FileMaker {
  readonly #locate: (path: SafePath) => string;
  #worker: Worker | undefined;
  #failure: Failure | undefined;
  /** What was taken in, and is not there yet. */
  readonly #awaited = new Map<SafePath, Batch>();
  readonly #handed = new Map<number, Handed>();
  readonly #slots = new Semaphore(inFlightMax);
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  #gathered = new Batch(new Uint8Array(batchBytes));
  #next = 0;

  /**
   * Makes nothing yet.
   *
   * @param locate Gives a path as the platform takes it.
   */
  constructor(locate: (path: SafePath) => string) {
    this.#locate = locate;
  }

  async make(path: SafePath, bytes: Uint8Array<ArrayBuffer>, marks: FileMarks): Promise<void> {
    if (!this.#gathered.fits(bytes.length)) await this.#handOver();
    this.#gathered.add(path, this.#locate(path), { bytes, marks });
    this.#awaited.set(path, this.#gathered);
  }

  async made(path: SafePath): Promise<void> {
    const batch = this.#awaited.get(path);
    if (batch === this.#gathered) await this.#makeGathered();
    await batch?.done.promise;
  }

  async finish(): Promise<void> {
    await this.#makeGathered();
    await Promise.all(this.#handed.values().map(({ batch }) => batch.done.promise));
    if (this.#failure !== undefined) throw this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#handed.values().map(({ batch }) => batch.done.promise));
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Has made what was gathered: here, if that is all there was so far. */
  async #makeGathered(): Promise<void> {
    if (this.#gathered.paths.length === 0) return;
    if (this.#worker !== undefined) return await this.#handOver();
    const batch = this.#gathered;
    const task = batch.task(0);
    this.#gathered = new Batch(task.buffer);
    this.#complete(batch, task, 0);
  }

  /** Hands over what was gathered, once the worker has little enough to do. */
  async #handOver(): Promise<void> {
    const slot = await this.#slots.acquire();
    if (this.#failure !== undefined) {
      slot[Symbol.dispose]();
      throw this.#failure;
    }
    const batch = this.#gathered;
    const task = batch.task(this.#next++);
    this.#handed.set(task.id, { batch, task, slot });
    this.#gathered = new Batch(this.#spare.pop() ?? new Uint8Array(batchBytes));
    this.#worker ??= this.#start();
    this.#worker.postMessage(task, [task.buffer.buffer]);
  }

  /** Takes in what the worker did. */
  #take({ id, buffer, made }: MakeReply): void {
    const { batch, task, slot } = this.#handed.get(id)!;
    this.#handed.delete(id);
    this.#spare.push(buffer);
    this.#complete(batch, { ...task, buffer }, made);
    slot[Symbol.dispose]();
  }

  /** Makes the files of a batch on this thread, but for the first `made`, which are there. */
  #complete(batch: Batch, task: MakeTask, made: number): void {
    for (const { path, bytes, marks } of taskFiles(task).drop(made)) {
      try {
        fileCalls.make(path, bytes, marks);
      } catch (cause) {
        return this.#fail(batch, platformFailure(`write "${path}"`, cause));
      }
    }
    for (const path of batch.paths) this.#awaited.delete(path);
    batch.done.resolve();
  }

  #fail(batch: Batch, failure: Failure): void {
    this.#failure ??= failure;
    batch.done.reject(failure);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./make_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<MakeReply>): void => this.#take(data);
    worker.onerror = (event): void => {
      event.preventDefault();
      const failure = new Failure("io", `Writing files failed: ${event.message}`);
      for (const { batch, slot } of this.#handed.values()) {
        this.#fail(batch, failure);
        slot[Symbol.dispose]();
      }
      this.#handed.clear();
    };
    return worker;
  }
}
