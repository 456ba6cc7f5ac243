import type { SafePath } from "../../core/mod.ts";
import { type FileEntry, timeOf } from "../../metadata/mod.ts";
import { type FileMarks, type Folder, unlessRefused } from "../folder/mod.ts";

/** What its owner must be allowed for as long as a file is staged: to read it again, to flush it, and to go on with it. */
const ownersBits = 0o600;

/** What a file has beside its bytes while it is staged: all that it is to have, and what it takes to work on it. */
export function marksWhileStaged(entry: FileEntry): FileMarks {
  return { ...timeOf(entry), mode: entry.mode | ownersBits };
}

/** Whether a file has all of its own permissions while it is staged, and no others. */
export function isStagedAsMeant({ mode }: FileEntry): boolean {
  return (mode & ownersBits) === ownersBits;
}

/** Gives a file its permissions and its time, as far as the disk keeps them. */
export function setMarks(disk: Folder, path: SafePath, marks: FileMarks): void {
  if (disk.keepsModes) unlessRefused(() => disk.setMode(path, marks.mode));
  unlessRefused(() => disk.setTime(path, marks));
}
