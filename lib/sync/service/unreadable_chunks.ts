import type { Hash } from "../../core/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import { eachForDelta } from "./read_for_delta.ts";

/** Which of these chunks cannot be read: those that are damaged, and those that are not stored; each once. */
export async function unreadableChunks(chunks: ChunkStore, hashes: readonly Hash[]): Promise<Hash[]> {
  const asked = [...new Set(hashes)];
  const unreadable: Hash[] = [];
  let at = 0;
  for await (const chunk of eachForDelta(chunks, asked, Infinity)) {
    if (chunk === undefined) unreadable.push(asked[at]!);
    at++;
  }
  return unreadable;
}
