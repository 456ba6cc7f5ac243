import { type FileTime, fileTime } from "../metadata/mod.ts";
import type { DiskStat } from "./disk_stat.ts";

/** Whether a file bears a time, as far as its platform tells: to the nanosecond, or to the millisecond only. */
export function bearsTime(stat: DiskStat, time: FileTime): boolean {
  return stat.mtimeMs === time.mtimeMs &&
    (stat.mtimeRestNs === undefined || stat.mtimeRestNs === (time.mtimeRestNs ?? 0));
}

/**
 * The time a file bears. Where the platform tells whole milliseconds only, the rest is that of the time it is known by, if it
 * may still bear that.
 */
export function toldTime(stat: DiskStat, known: FileTime | undefined): FileTime {
  const rest = stat.mtimeRestNs ?? (known !== undefined && bearsTime(stat, known) ? known.mtimeRestNs : undefined);
  return fileTime(stat.mtimeMs, rest ?? 0);
}
