import { type AheadLook, DirectoryLook, lookWidth } from "../../sync/mod.ts";

/** Memory that two threads share, to be handed from the one to the other. */
export interface SharedLooks {
  readonly states: SharedArrayBuffer;
  readonly results: SharedArrayBuffer;
}

/** Where each directory stands: nobody looked into it, the walk does so itself, the thread does, the thread did. */
const states = { free: 0, walk: 1, thread: 2, found: 3 } as const;
/** Words of a state: which it is, and where its result begins, in units of {@linkcode unitBytes}. */
const stateWords = 2;
/** Results are laid out in numbers of eight bytes. */
const unitBytes = 8;
/** Of a directory: its own inode, how many numbers the look at it has, how many bytes the names take; then both. */
const headUnits = 3;
/** What the results may take on the average: the numbers of a name, and the name. Of what does not fit nothing is told. */
const bytesPerName = lookWidth * unitBytes + 80;

/**
 * A board in shared memory on which two threads divide directories among them, each looking into those that the other has
 * not begun with, and the one tells the other what it found. Nobody waits for anybody.
 */
export class LookBoard {
  readonly shared: SharedLooks;
  readonly #states: Int32Array;
  readonly #numbers: Float64Array;
  readonly #bytes: Uint8Array;
  /** Where the next result goes, in units. Only the thread that finds knows it. */
  #end = 0;

  /** Opens a board that another thread made. */
  constructor(shared: SharedLooks) {
    this.shared = shared;
    this.#states = new Int32Array(shared.states);
    this.#numbers = new Float64Array(shared.results);
    this.#bytes = new Uint8Array(shared.results);
  }

  /** Makes a board for directories that are known by their numbers, 0 and up, and hold about so many names. */
  static of(directories: number, names: number): LookBoard {
    return new LookBoard({
      states: new SharedArrayBuffer(directories * stateWords * Int32Array.BYTES_PER_ELEMENT),
      results: new SharedArrayBuffer(names * bytesPerName),
    });
  }

  /** What the thread found in a directory; nothing if the walk has to look itself, which the thread then does not. */
  take(directory: number): AheadLook | undefined {
    const state = Atomics.compareExchange(this.#states, directory * stateWords, states.free, states.walk);
    return state === states.found ? this.#read(this.#states[directory * stateWords + 1]!) : undefined;
  }

  /** Begins to look into a directory on the thread; says whether nobody did so before. */
  begin(directory: number): boolean {
    const state = Atomics.compareExchange(this.#states, directory * stateWords, states.free, states.thread);
    return state === states.free;
  }

  /** Tells what was found in a directory; says whether there was room for it. */
  tell(directory: number, { inode, look: { numbers, text } }: AheadLook): boolean {
    const at = this.#end;
    const numbersAt = at + headUnits;
    const textAt = numbersAt + numbers.length;
    const end = textAt + Math.ceil(text.length / unitBytes);
    if (end > this.#numbers.length) return false;
    this.#numbers.set([inode, numbers.length, text.length], at);
    this.#numbers.set(numbers, numbersAt);
    this.#bytes.set(text, textAt * unitBytes);
    this.#end = end;
    this.#states[directory * stateWords + 1] = at;
    Atomics.store(this.#states, directory * stateWords, states.found);
    return true;
  }

  #read(at: number): AheadLook {
    const [inode = 0, count = 0, textBytes = 0] = this.#numbers.subarray(at, at + headUnits);
    const numbersAt = at + headUnits;
    const textAt = numbersAt + count;
    // Copies: text cannot be decoded from shared memory.
    const look = new DirectoryLook({
      numbers: new Float64Array(this.#numbers.subarray(numbersAt, textAt)),
      text: new Uint8Array(this.#bytes.subarray(textAt * unitBytes, textAt * unitBytes + textBytes)),
    });
    return { inode, look };
  }
}
