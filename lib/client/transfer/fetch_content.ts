import type { Hash } from "../../core/mod.ts";
import { type FileEntry, Manifest } from "../../metadata/mod.ts";
import { chunkBytesMin } from "../../sync/mod.ts";
import { feedChunks } from "./chunk_feed.ts";
import { type Remote, UnreadableChunks } from "../remote/mod.ts";

/** Gives the chunk list of a content, if it is known. */
export type ManifestLookup = (content: Hash) => Manifest | undefined;

/** The chunk list of a file: a small one is a single chunk, an empty one none. */
export function manifestOfFile({ content, size }: FileEntry, ...lookups: readonly ManifestLookup[]): Manifest {
  if (size === 0) return Manifest.of([]);
  if (size > chunkBytesMin) {
    for (const lookup of lookups) {
      const known = lookup(content);
      if (known !== undefined) return known;
    }
  }
  return Manifest.of([{ hash: content, length: size }]);
}

/**
 * Fetches a whole file that fits into memory, as the server has it or had it.
 *
 * @throws {UnreadableChunks} if the server cannot give all of it.
 */
export async function fetchContent(file: FileEntry, manifest: Manifest, remote: Remote): Promise<Uint8Array> {
  const chunks = manifest.hashes().map((hash, index) => ({ hash, length: manifest.chunkLength(index) }));
  const bytes = new Uint8Array(file.size);
  let offset = 0;
  let index = 0;
  for await (const chunk of feedChunks(remote, chunks)) {
    if (chunk === undefined) throw new UnreadableChunks(new Set([manifest.hash(index)]));
    index++;
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
