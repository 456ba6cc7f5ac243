import { chunkBytesMax } from "../../storage/mod.ts";
import { emptyContent, type FileEntry, type Manifest } from "../../metadata/mod.ts";
import { chunkBytesMin } from "../chunker.ts";

/**
 * Says why a chunk list cannot be that of a file, if it cannot: stored all the same, the file could never be read.
 *
 * @param manifest The list; `undefined` if the file is one chunk, or empty.
 * @returns A phrase that goes on after the path, or `undefined`.
 */
export function contentProblem(file: FileEntry, manifest: Manifest | undefined): string | undefined {
  if ((file.size === 0) !== (file.content === emptyContent)) return `has ${file.size} bytes under the wrong hash`;
  if (manifest === undefined) return tooLong(file.size);
  const { size } = manifest;
  if (size !== file.size) return `has ${file.size} bytes, its chunks have ${size}`;
  if (manifest.length > 1 && size <= chunkBytesMin) return `has ${manifest.length} chunks where one would do`;
  for (let index = 0; index < manifest.length; index++) {
    const problem = tooLong(manifest.chunkLength(index));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function tooLong(chunkBytes: number): string | undefined {
  return chunkBytes > chunkBytesMax ? `has a chunk of ${chunkBytes} bytes` : undefined;
}
