/**
 * Makes a new chunk of old ones that are much like it, so that what travels is little more than what changed. Where only
 * the names of the old chunks' pieces are at hand, the new chunk is cut alike and its pieces are looked up; where the old
 * bytes are, it is compared with them byte by byte. Either way gives steps, which are packed into a delta. All of it takes
 * values and gives values; whether a chunk came out right, its SHA-256 says.
 *
 * @module
 */
export { ByteIndex } from "./byte_index.ts";
export { coarse, cutPieces, fine, finePiecesMax, type Grain, type Pieces } from "./cut_pieces.ts";
export { decodeDelta, type DecodeDeltaOptions } from "./decode_delta.ts";
export { type DeltaStep, type DeltaTarget, encodeDelta } from "./delta.ts";
export { decodeDeltaOrder, type DeltaOrder, deltaOrderBytesMax, encodeDeltaOrder } from "./delta_order.ts";
export {
  deltaBaseBytesMax,
  deltaBasesMax,
  deltaPays,
  deltaTargetBytesMax,
  deltaTargetsMax,
  fetchedDeltaBytesMin,
  sentDeltaBytesMin,
} from "./limits.ts";
export { type CutChunk, cutChunk, PieceIndex } from "./piece_index.ts";
export { decodePieceOrder, encodePieceOrder, type PieceOrder, pieceOrderBytesMax } from "./piece_order.ts";
export { PieceSpace } from "./piece_space.ts";
export { type FoundSteps } from "./step_list.ts";
export { decodeSignatures, encodeSignatures } from "./signatures.ts";
export { type UsedBases, usedBases } from "./used_bases.ts";
