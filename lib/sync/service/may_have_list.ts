import { chunkBytesMin } from "../chunker.ts";

/**
 * Says whether a file is so long that it can be of several chunks. Most are not, and are one chunk of the same name as
 * their content: no list is kept of them, and none is looked for.
 */
export function mayHaveList(file: { readonly size: number }): boolean {
  return file.size > chunkBytesMin;
}
