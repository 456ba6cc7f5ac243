import type { DiskName, DiskStat } from "./disk_stat.ts";

/** The kinds of what lies on a disk, each at the place that stands for it in a look. */
export const lookKinds = ["other", "file", "directory", "symlink"] as const;
/** Stands for the rest of a time that the platform does not tell. */
const untold = -1;
/** How many numbers a look has of each name. */
export const lookWidth = 7;
/** Where each number of a name stands: the place of its kind among them, and what {@linkcode DiskStat} says. */
export const lookColumn = { kind: 0, size: 1, mode: 2, mtimeMs: 3, mtimeRestNs: 4, ctimeMs: 5, inode: 6 } as const;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What {@linkcode DirectoryLook} is made of. */
export interface DirectoryLookParts {
  /** See {@linkcode DirectoryLook.text}. */
  readonly text: Uint8Array;
  /** See {@linkcode DirectoryLook.numbers}. */
  readonly numbers: Float64Array;
}

/**
 * What was found in a directory: the names in it, and what the platform says of each, in columns. So the look at a directory
 * in which nothing changed costs no object for each name, and can be handed from one thread to another as it is.
 */
export class DirectoryLook {
  /** The names in UTF-8 with `/` between them, in any order. */
  readonly text: Uint8Array;
  /** Of each name {@linkcode lookWidth} numbers, as {@linkcode writeStat} writes them. */
  readonly numbers: Float64Array;
  #names: string[] | undefined;

  /** Takes the parts over as they are. */
  constructor({ text, numbers }: DirectoryLookParts) {
    this.text = text;
    this.numbers = numbers;
  }

  /** Puts together what was found one by one. */
  static of(found: readonly { readonly name: string; readonly stat: DiskStat }[]): DirectoryLook {
    const numbers = new Float64Array(found.length * lookWidth);
    found.forEach(({ stat }, index) => writeStat(numbers, index * lookWidth, stat));
    return new DirectoryLook({ text: new TextEncoder().encode(found.map(({ name }) => name).join("/")), numbers });
  }

  /** How many names lie in the directory. */
  get count(): number {
    return this.numbers.length / lookWidth;
  }

  /** The names. */
  get names(): readonly string[] {
    return this.#names ??= this.count === 0 ? [] : decoder.decode(this.text).split("/");
  }

  /** The names, with what each is. */
  get entries(): DiskName[] {
    return this.names.map((name, index) => {
      const kind = lookKinds[this.#number(index, "kind")]!;
      return { name, isFile: kind === "file", isDirectory: kind === "directory", isSymlink: kind === "symlink" };
    });
  }

  /** Whether a name is that of a directory. */
  isDirectory(index: number): boolean {
    return lookKinds[this.#number(index, "kind")] === "directory";
  }

  /** What the platform says of a name. */
  statAt(index: number): DiskStat {
    return readStat(this.numbers, index * lookWidth);
  }

  /** The number of a name on its disk. */
  inodeAt(index: number): number {
    return this.#number(index, "inode");
  }

  #number(index: number, column: keyof typeof lookColumn): number {
    return this.numbers[index * lookWidth + lookColumn[column]]!;
  }
}

/** Writes what the platform says of a name where its numbers begin. */
export function writeStat(numbers: Float64Array, at: number, stat: DiskStat): void {
  numbers[at + lookColumn.kind] = lookKinds.indexOf(stat.kind);
  numbers[at + lookColumn.size] = stat.size;
  numbers[at + lookColumn.mode] = stat.mode;
  numbers[at + lookColumn.mtimeMs] = stat.mtimeMs;
  numbers[at + lookColumn.mtimeRestNs] = stat.mtimeRestNs ?? untold;
  numbers[at + lookColumn.ctimeMs] = stat.ctimeMs;
  numbers[at + lookColumn.inode] = stat.inode;
}

/** Reads what {@linkcode writeStat} wrote. */
export function readStat(numbers: Float64Array, at: number): DiskStat {
  const rest = numbers[at + lookColumn.mtimeRestNs]!;
  return {
    kind: lookKinds[numbers[at + lookColumn.kind]!]!,
    size: numbers[at + lookColumn.size]!,
    mode: numbers[at + lookColumn.mode]!,
    mtimeMs: numbers[at + lookColumn.mtimeMs]!,
    mtimeRestNs: rest === untold ? undefined : rest,
    ctimeMs: numbers[at + lookColumn.ctimeMs]!,
    inode: numbers[at + lookColumn.inode]!,
  };
}
