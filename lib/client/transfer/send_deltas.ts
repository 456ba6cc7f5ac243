import type { Hash } from "../../core/mod.ts";
import {
  cutChunk,
  deltaPays,
  encodeDelta,
  finePiecesMax,
  PieceIndex,
  sentDeltaBytesMin,
  usedBases,
} from "../../sync/delta/mod.ts";
import type { WindowChunk } from "../../sync/mod.ts";
import { chooseBases } from "./choose_bases.ts";
import type { DeltaRemote } from "../remote/mod.ts";

/** What went to the server as deltas. */
export interface SentDeltas {
  /** Chunks that came out right there; all others must be sent whole. */
  readonly arrived: ReadonlySet<Hash>;
  /** Bytes that travelled. */
  readonly sentBytes: number;
}

/** From so many bytes on that are not found, looking for them more finely saves more than the question takes. */
const unfoundBytesMin: number = 8 * 1024;

/**
 * Sends chunks by their difference to those of earlier versions of their files, which only the server still holds: asks
 * for the names of the pieces of the earlier chunks, looks for the pieces of the new ones among them, first for coarse
 * ones, then for fine ones where these are not found, and sends the rest.
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
  const candidates = chunks.map((chunk) => ({ ...chunk, bytes: chunk.end - chunk.start }));
  const { bases, targets } = chooseBases(candidates, sentDeltaBytesMin);
  if (targets.length === 0) return undefined;
  const hashes = bases.map(({ hash }) => hash);
  const signatures = await deltas.signatures(hashes);
  if (signatures === undefined) return nothing;
  const index = new PieceIndex(signatures);
  const cut = targets.map(({ hash, start, end }) => ({ hash, ...cutChunk(buffer.subarray(start, end)) }));
  const gaps = index.gaps(cut);
  if (gaps.bytes >= unfoundBytesMin && gaps.pieces.length > 0) {
    const names = await deltas.pieces({ bases: hashes, pieces: gaps.pieces });
    if (names !== undefined) index.refine(gaps.pieces, names);
  }
  const made = cut.flatMap((chunk) => {
    const { steps, foundBytes } = index.find(chunk);
    const { length } = chunk.bytes;
    return deltaPays(foundBytes, length) ? [{ hash: chunk.hash, length, steps }] : [];
  });
  if (made.length === 0) return nothing;
  const used = usedBases(made, signatures.map(({ length }) => length * finePiecesMax));
  const order = { bases: used.bases.map((at) => hashes[at]!), targets: made.map(({ hash }) => hash) };
  const delta = encodeDelta(used.targets);
  const failed = await deltas.put(order, delta);
  if (failed === undefined) return nothing;
  return { arrived: new Set(order.targets.filter((hash) => !failed.has(hash))), sentBytes: delta.length };
}

const nothing: SentDeltas = { arrived: new Set(), sentBytes: 0 };
