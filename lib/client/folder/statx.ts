import { nsPerMs } from "../../metadata/mod.ts";
import { type DiskStat, lookColumn, lookKinds, lookWidth, readStat } from "../../sync/mod.ts";
import type { Library } from "./libc.ts";

/** Looks at a symbolic link, not at where it leads. */
export const noFollow = 0x100;
/** Looks at what is open, not at a name in it. */
export const emptyPath = 0x1000;
const basicStats = 0x7ff;

/** The answer of statx(2), reused from call to call. */
const answer = new DataView(new ArrayBuffer(256));

/** The place among {@linkcode lookKinds} of what a mode says is there, by its highest bits. */
const kindPlaces = new Uint8Array(16);
kindPlaces[0o04] = lookKinds.indexOf("directory");
kindPlaces[0o10] = lookKinds.indexOf("file");
kindPlaces[0o12] = lookKinds.indexOf("symlink");

/** What is asked of statx(2). */
export interface StatxQuery {
  /** The open directory from which the path goes on. */
  readonly directory: number;
  /** As C takes it. */
  readonly path: Uint8Array<ArrayBuffer>;
  /** How the path is taken. */
  readonly flags: number;
}

const oneStat = new Float64Array(lookWidth);

/** What is at a path; nothing if that cannot be said. */
export function statx(library: Library, { directory, path, flags }: StatxQuery): DiskStat | undefined {
  if (library.statx(directory, path, flags, basicStats, answer) !== 0) return undefined;
  writeAnswer(oneStat, 0);
  return readStat(oneStat, 0);
}

/** Writes what is at a name as a look has it; says whether that can be said. */
export function statxInto(
  numbers: Float64Array,
  at: number,
  { library, directory, name }: {
    readonly library: Library;
    readonly directory: number;
    readonly name: Uint8Array<ArrayBuffer>;
  },
): boolean {
  if (library.statx(directory, name, noFollow, basicStats, answer) !== 0) return false;
  writeAnswer(numbers, at);
  return true;
}

/** Writes what statx(2) answered as a look has it. */
function writeAnswer(into: Float64Array, at: number): void {
  const mode = answer.getUint16(28, true);
  const mtimeNs = answer.getUint32(120, true);
  const mtimeRestNs = mtimeNs % nsPerMs;
  const inode = long(32);
  into[at + lookColumn.kind] = kindPlaces[mode >> 12]!;
  into[at + lookColumn.size] = long(40);
  into[at + lookColumn.mode] = mode & 0o7777;
  into[at + lookColumn.mtimeMs] = long(112) * 1000 + (mtimeNs - mtimeRestNs) / nsPerMs;
  into[at + lookColumn.mtimeRestNs] = mtimeRestNs;
  into[at + lookColumn.ctimeMs] = (long(96) * 1_000_000 + Math.floor(answer.getUint32(104, true) / 1000)) / 1000;
  into[at + lookColumn.inode] = Number.isSafeInteger(inode) ? inode : 0;
}

/** A signed number of eight bytes in the answer. */
function long(offset: number): number {
  return answer.getInt32(offset + 4, true) * 2 ** 32 + answer.getUint32(offset, true);
}
