/**
 * Puts frames into a store until it is killed, and tells of each once it was acknowledged.
 *
 * Arguments: the folder, the seed of the first chunk. Prints the seed of each chunk that was put, a line each.
 */
import { openPackStore } from "../../lib/storage/mod.ts";
import { crashChunk } from "./crash_chunk.ts";
import { frameOf, putFrames } from "./fixtures.ts";

const [directory = "", first = "0"] = Deno.args;
await using store = await openPackStore(directory, { packBytesMax: 200_000 });
for (let seed = Number(first);; seed += 2) {
  await putFrames(store, frameOf([crashChunk(seed), crashChunk(seed + 1)]));
  if (seed % 5 === 0) await store.sync();
  await Deno.stdout.write(new TextEncoder().encode(`${seed}\n${seed + 1}\n`));
}
