import type { Hash, SafePath } from "../../core/mod.ts";
import type { MaintenanceTools } from "./collect_garbage.ts";
import { chunksOf } from "./named_chunks.ts";
import { absent } from "./verify_storage.ts";

/** A chunk of what lives in a space that the server cannot give. */
export interface AbsentChunk {
  /** Its name. */
  readonly chunk: Hash;
  /** The files that need it. */
  readonly paths: readonly SafePath[];
}

/**
 * The chunks that files of a space need and that are not stored: what a client that has these files can send again. A
 * chunk that is damaged is among them once a verification with repair took it out.
 */
export async function listDamage({ metadata, chunks }: MaintenanceTools, space: string): Promise<AbsentChunk[]> {
  const paths = new Map<Hash, SafePath[]>();
  for await (const { children } of metadata.entries(space)) {
    const named = new Map<Hash, SafePath[]>();
    for (const { path, entry } of children) {
      if (entry.kind !== "file") continue;
      for (const hash of new Set(await chunksOf(metadata, entry))) {
        const users = named.get(hash) ?? [];
        named.set(hash, users);
        users.push(path);
      }
    }
    for (const hash of await absent(chunks, [...named.keys()])) {
      paths.set(hash, [...paths.get(hash) ?? [], ...named.get(hash)!]);
    }
  }
  return [...paths].map(([chunk, paths]) => ({ chunk, paths }));
}
