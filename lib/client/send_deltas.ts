import type { Hash } from "../core/mod.ts";
import { cutPieces, deltaPays, encodeDelta, PieceIndex, usedBases } from "../sync/delta/mod.ts";
import type { WindowChunk } from "../sync/mod.ts";
import { chooseBases } from "./choose_bases.ts";
import type { DeltaRemote } from "./delta_remote.ts";

/** What went to the server as deltas. */
export interface SentDeltas {
  /** Chunks that came out right there; all others must be sent whole. */
  readonly arrived: ReadonlySet<Hash>;
  /** Bytes that travelled. */
  readonly sentBytes: number;
}

/**
 * Sends chunks by their difference to those of earlier versions of their files, which only the server still holds: asks
 * for the names of the pieces of the earlier chunks, looks for the pieces of the new ones among them, and sends the rest.
 *
 * @param buffer Where the chunks lie.
 * @param chunks Those that the server lacks.
 * @returns What arrived; `undefined` if there was nothing to try.
 */
export async function sendDeltas(
  deltas: DeltaRemote,
  buffer: Uint8Array,
  chunks: readonly WindowChunk[],
): Promise<SentDeltas | undefined> {
  const { bases, targets } = chooseBases(chunks.map((chunk) => ({ ...chunk, bytes: chunk.end - chunk.start })));
  if (targets.length === 0) return undefined;
  const signatures = await deltas.signatures(bases.map(({ hash }) => hash));
  if (signatures === undefined) return nothing;
  const index = new PieceIndex(signatures);
  const made = targets.flatMap(({ hash, start, end }) => {
    const chunk = buffer.subarray(start, end);
    const { steps, foundBytes } = index.find(chunk, cutPieces(chunk));
    return deltaPays(foundBytes, chunk.length) ? [{ hash, length: chunk.length, steps }] : [];
  });
  if (made.length === 0) return nothing;
  const used = usedBases(made, signatures.map(({ length }) => length));
  const order = { bases: used.bases.map((at) => bases[at]!.hash), targets: made.map(({ hash }) => hash) };
  const delta = encodeDelta(used.targets);
  const failed = await deltas.put(order, delta);
  if (failed === undefined) return nothing;
  return { arrived: new Set(order.targets.filter((hash) => !failed.has(hash))), sentBytes: delta.length };
}

const nothing: SentDeltas = { arrived: new Set(), sentBytes: 0 };
