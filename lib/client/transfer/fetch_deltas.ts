import { type Hash, sha256 } from "../../core/mod.ts";
import { decodeDelta, fetchedDeltaBytesMin } from "../../sync/delta/mod.ts";
import { chooseBases, type DeltaCandidate } from "./choose_bases.ts";
import type { DeltaRemote } from "../remote/mod.ts";
import type { KeptChunk } from "./fetch_plan.ts";
import type { LocalChunks } from "./local_chunks.ts";

/** What {@linkcode fetchDeltas} works with. */
export interface FetchDeltasOptions {
  readonly deltas: DeltaRemote;
  /** Where earlier chunks are read. */
  readonly local: LocalChunks;
}

/**
 * Fetches chunks by their difference to those that lie in the folder. What does not come out as its name says is left
 * out, whatever the reason: the file changed here, or the answer was altered on its way. It is fetched whole then.
 *
 * @returns The chunks that came out right; `undefined` if there was nothing to try.
 */
export async function fetchDeltas(
  wanted: readonly DeltaCandidate<KeptChunk>[],
  { deltas, local }: FetchDeltasOptions,
): Promise<Map<Hash, Uint8Array<ArrayBuffer>> | undefined> {
  const { bases, targets } = chooseBases(wanted, fetchedDeltaBytesMin);
  if (targets.length === 0) return undefined;
  const made = new Map<Hash, Uint8Array<ArrayBuffer>>();
  const bytes = readBases(bases, local);
  if (bytes === undefined) return made;
  const hashes = targets.map(({ hash }) => hash);
  const delta = await deltas.fetch({ bases: bases.map(({ hash }) => hash), targets: hashes });
  if (delta === undefined) return made;
  const chunks = decodeDelta(delta, {
    targets: targets.length,
    units: (from, count) => from + count <= bytes.length ? bytes.subarray(from, from + count) : undefined,
  });
  if (!chunks.ok) return made;
  for (const [index, chunk] of chunks.value.entries()) {
    const hash = hashes[index]!;
    if (chunk !== undefined && sha256(chunk) === hash) made.set(hash, chunk);
  }
  return made;
}

/** The bytes of earlier chunks one behind the other; `undefined` if one cannot be read any more. */
function readBases(bases: readonly KeptChunk[], local: LocalChunks): Uint8Array | undefined {
  const bytes = new Uint8Array(bases.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { path, offset, length } of bases) {
    const chunk = local.read(path, offset, length);
    if (chunk === undefined) return undefined;
    bytes.set(chunk, at);
    at += length;
  }
  return bytes;
}
