import type { FileEntry } from "../../metadata/mod.ts";

/** A file as it was, and what either side made of it. */
export interface ThreeFiles {
  /** What both sides last agreed on; `undefined` if that was no file. */
  readonly base: FileEntry | undefined;
  /** The folder's. */
  readonly local: FileEntry;
  /** The server's. */
  readonly remote: FileEntry;
}

/**
 * Puts a file together from the content that one side has and the permissions that either side changed. Where both
 * changed the permissions, or nothing is known from before, the server's stand.
 *
 * @param content The file that the content comes from, with its time.
 */
export function mergedFile({ base, local, remote }: ThreeFiles, content: FileEntry): FileEntry {
  const mode = base !== undefined && remote.mode === base.mode ? local.mode : remote.mode;
  return { ...content, mode };
}
