import type { DiskStat } from "./disk_stat.ts";

/** What tells that a file did not change since it was last read. */
export interface Stamp {
  /** When anything of the file changed: see {@linkcode DiskStat}. Unlike the modification time, programs cannot set it. */
  readonly ctimeMs: number;
  /** The file's number on its disk, which differs where another file took its name. */
  readonly inode: number;
}

/** The coarsest step of modification times on common file systems: FAT stores them in steps of two seconds. */
const coarseTimeMs = 2000;
/** The coarsest step of change times: Deno itself gives them in whole seconds. */
const changeTimeMs = 1000;
/** How far the kernel's coarse clock may lag behind, with room to spare. */
const clockLagMs = 50;

/**
 * The stamp of a file that was just read or written, unless it changed so shortly before that a later change of the
 * same length could bear the same times ("racily clean", as Git's index calls it).
 *
 * @param nowMs The time before the file was looked at.
 */
export function stampOf(stat: DiskStat, nowMs: number): Stamp | undefined {
  return isRecent(stat.ctimeMs, changeTimeMs, nowMs) ? undefined : stampOfPlaced(stat, nowMs);
}

/**
 * The stamp of a file that dfs itself has just put in its place, with the time it bears on the server. Its change time is
 * always of this moment; so what shows an edit in the same moment is the modification time, unless the edit puts that back,
 * too. Without this, whatever was pulled would be read again by the next run.
 *
 * @param nowMs The time before the file was looked at.
 */
export function stampOfPlaced(stat: DiskStat, nowMs: number): Stamp | undefined {
  if (isRecent(stat.mtimeMs, coarseTimeMs, nowMs)) return undefined;
  return { ctimeMs: stat.ctimeMs, inode: stat.inode };
}

/** Whether a time is so close to now that another change could bear it, too. */
function isRecent(timeMs: number, wholeSecondsMs: number, nowMs: number): boolean {
  const step = timeMs % 1000 === 0 ? wholeSecondsMs : 0;
  return timeMs > nowMs - step - clockLagMs && timeMs <= nowMs + coarseTimeMs;
}
