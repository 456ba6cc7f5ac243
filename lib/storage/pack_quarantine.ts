import { Failure, type Hash } from "../core/mod.ts";
import { CollectionIndex, type PlacedChunk } from "./collection_index.ts";
import { nameFrame } from "./named_frame.ts";
import type { FramePlace, PackIndex } from "./pack_index.ts";
import type { PackReader } from "./pack_reader.ts";

/**
 * Takes chunks out of the index that are not what they must be. Each is read once more, from the medium: what could not
 * be read for another reason, such as too many open files, stays.
 *
 * @returns Those that were taken out.
 */
export async function quarantineChunks(
  hashes: readonly Hash[],
  { index, reader }: { readonly index: PackIndex; readonly reader: PackReader },
): Promise<Hash[]> {
  const places = index.find(hashes);
  const asked: PlacedChunk[] = [];
  for (const [at, hash] of hashes.entries()) {
    const place = places[at];
    if (place !== undefined) asked.push({ hash, frame: place.frame, position: place.position, length: 0 });
  }
  const out: Hash[] = [];
  using collection = new CollectionIndex(index.path);
  for (const [frame, chunks] of Map.groupBy(asked, (chunk) => chunk.frame)) {
    const place = index.frame(frame);
    const found = place === undefined ? { names: [], lengths: [] } : await contentOf(place, reader);
    const bad = chunks.filter(({ hash, position }) => found.names[position] !== hash);
    const measured = bad.map((chunk) => ({ ...chunk, length: found.lengths[chunk.position] ?? 0 }));
    if (collection.remove(measured, { condemned: false }) > 0) out.push(...bad.map(({ hash }) => hash));
  }
  return out;
}

/** The names and lengths of the chunks in a frame; none if it is damaged. */
async function contentOf(
  place: FramePlace,
  reader: PackReader,
): Promise<{ readonly names: readonly Hash[]; readonly lengths: readonly number[] }> {
  try {
    const named = await nameFrame(await reader.read(place));
    return named.ok ? { names: named.value.hashes, lengths: named.value.unpacked.lengths } : { names: [], lengths: [] };
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "corrupt") return { names: [], lengths: [] };
    throw cause;
  }
}
