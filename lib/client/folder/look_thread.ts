import type { SafePath } from "../../core/mod.ts";
import { type AheadLook, countNodes, type LookAhead, type Tree } from "../../sync/mod.ts";
import { LookBoard, type SharedLooks } from "./look_board.ts";

/** What the worker is asked to do. */
export interface LookTask {
  /** What comes before each directory's path. */
  readonly prefix: string;
  /** The directories, by their numbers on the board, with NUL between them. */
  readonly directories: string;
  readonly shared: SharedLooks;
}

/** From so many names on, starting a thread pays: until it is at work takes 40 ms, and a name 3 µs. */
const namesMin = 50_000;

/**
 * Looks into the directories of a folder on a thread of its own, while the walk does the same from the other end: most of a
 * run that finds nothing to do is asking the platform about each file.
 */
export class LookThread implements LookAhead {
  readonly #board: LookBoard;
  readonly #worker: Worker;
  readonly #numbers: ReadonlyMap<SafePath, number>;

  /** Starts looking if it pays. */
  static start(prefix: string, known: Tree): LookThread | undefined {
    const names = countNodes(known);
    if (names < namesMin || navigator.hardwareConcurrency < 2) return undefined;
    return new LookThread(prefix, [...known.keys()], names);
  }

  private constructor(prefix: string, directories: readonly SafePath[], names: number) {
    this.#board = LookBoard.of(directories.length, names);
    this.#numbers = new Map(directories.map((directory, index) => [directory, index]));
    this.#worker = new Worker(new URL("./look_worker.ts", import.meta.url), { type: "module" });
    // What the thread does not tell, the walk finds itself.
    this.#worker.onerror = (event) => event.preventDefault();
    const task: LookTask = { prefix, directories: directories.join("\0"), shared: this.#board.shared };
    this.#worker.postMessage(task);
  }

  take(directory: SafePath): AheadLook | undefined {
    const number = this.#numbers.get(directory);
    return number === undefined ? undefined : this.#board.take(number);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
