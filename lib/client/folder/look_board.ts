import type { DirectoryLook, DiskName, DiskStat } from "../../sync/mod.ts";

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
/** Of a directory: its own inode, how many names lie in it, how many bytes these take. */
const headUnits = 3;
/** Of each name: its kind and that of what lies there, size, mode, mtime in milliseconds and its rest, ctime, inode. */
const nameUnits = 7;
/** What the results may take on the average: the numbers of a name, and the name. Of what does not fit nothing is told. */
const bytesPerName = 136;
/** The rest of a time that the platform does not tell. */
const untold = -1;

const kinds = ["other", "file", "directory", "symlink"] as const;

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
  take(directory: number): DirectoryLook | undefined {
    const state = Atomics.compareExchange(this.#states, directory * stateWords, states.free, states.walk);
    return state === states.found ? this.#read(this.#states[directory * stateWords + 1]!) : undefined;
  }

  /** Begins to look into a directory on the thread; says whether nobody did so before. */
  begin(directory: number): boolean {
    const state = Atomics.compareExchange(this.#states, directory * stateWords, states.free, states.thread);
    return state === states.free;
  }

  /** Tells what was found in a directory; says whether there was room for it. */
  tell(directory: number, look: DirectoryLook): boolean {
    const text = new TextEncoder().encode(look.names.map(({ name }) => name).join("/"));
    const at = this.#end;
    const textAt = at + headUnits + look.names.length * nameUnits;
    const end = textAt + Math.ceil(text.length / unitBytes);
    if (end > this.#numbers.length) return false;
    this.#numbers.set([look.inode, look.names.length, text.length], at);
    look.names.forEach((name, index) => this.#write(at + headUnits + index * nameUnits, name, look.stats[index]!));
    this.#bytes.set(text, textAt * unitBytes);
    this.#end = end;
    this.#states[directory * stateWords + 1] = at;
    Atomics.store(this.#states, directory * stateWords, states.found);
    return true;
  }

  #write(at: number, name: DiskName, stat: DiskStat): void {
    const numbers = this.#numbers;
    const nameKind = name.isFile ? 1 : name.isDirectory ? 2 : name.isSymlink ? 3 : 0;
    numbers[at] = nameKind * kinds.length + kinds.indexOf(stat.kind);
    numbers[at + 1] = stat.size;
    numbers[at + 2] = stat.mode;
    numbers[at + 3] = stat.mtimeMs;
    numbers[at + 4] = stat.mtimeRestNs ?? untold;
    numbers[at + 5] = stat.ctimeMs;
    numbers[at + 6] = stat.inode;
  }

  #read(at: number): DirectoryLook {
    const numbers = this.#numbers;
    const [inode, count, textBytes] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!];
    const textAt = (at + headUnits + count * nameUnits) * unitBytes;
    // Text cannot be decoded from shared memory.
    const text = new TextDecoder().decode(this.#bytes.slice(textAt, textAt + textBytes));
    const names: DiskName[] = [];
    const stats: DiskStat[] = [];
    let place = at + headUnits;
    for (const name of count === 0 ? [] : text.split("/")) {
      const kind = numbers[place]! >> 2;
      const rest = numbers[place + 4]!;
      names.push({ name, isFile: kind === 1, isDirectory: kind === 2, isSymlink: kind === 3 });
      stats.push({
        kind: kinds[numbers[place]! & 3]!,
        size: numbers[place + 1]!,
        mode: numbers[place + 2]!,
        mtimeMs: numbers[place + 3]!,
        mtimeRestNs: rest === untold ? undefined : rest,
        ctimeMs: numbers[place + 5]!,
        inode: numbers[place + 6]!,
      });
      place += nameUnits;
    }
    return { inode, names, stats };
  }
}
