import { ByteReader, ByteReaderError, ByteWriter, err, type Hash, hashBytes, ok, type Result } from "../../core/mod.ts";
import { chunkBytesMax } from "../../storage/mod.ts";
import { coarse } from "./cut_pieces.ts";
import { deltaBaseBytesMax, deltaBasesMax } from "./limits.ts";

/** Which coarse pieces are asked about. */
export interface PieceOrder {
  /** Chunks. */
  readonly bases: readonly Hash[];
  /** Coarse pieces of them, counted over all of them one behind the other; rising. */
  readonly pieces: readonly number[];
}

/** How many coarse pieces one question may be about. */
const piecesMax = Math.ceil((deltaBaseBytesMax + chunkBytesMax) / coarse.bytesMin) + deltaBasesMax;
/** The longest question in bytes. */
export const pieceOrderBytesMax: number = 16 + deltaBasesMax * hashBytes + 4 * piecesMax;

/**
 * Asks about coarse pieces.
 *
 * ```
 * order = bases hash{bases} pieces step{pieces}    varint, 32 bytes each, varint, varints: less the piece before it
 * ```
 */
export function encodePieceOrder({ bases, pieces }: PieceOrder): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(16 + bases.length * hashBytes + 2 * pieces.length);
  writer.varint(bases.length);
  for (const hash of bases) writer.hex(hash);
  writer.varint(pieces.length);
  for (const [index, piece] of pieces.entries()) writer.varint(piece - (pieces[index - 1] ?? 0));
  return writer.bytes();
}

/** Reads what {@linkcode encodePieceOrder} wrote; it is not trusted. */
export function decodePieceOrder(bytes: Uint8Array): Result<PieceOrder, string> {
  const reader = new ByteReader(bytes);
  try {
    const count = reader.count(hashBytes);
    if (count > deltaBasesMax) return err(`A question about ${count} chunks, more than ${deltaBasesMax}`);
    const bases = Array.from({ length: count }, () => reader.hex(hashBytes) as Hash);
    const length = reader.count(1);
    if (length > piecesMax) return err(`A question about ${length} pieces, more than ${piecesMax}`);
    let piece = 0;
    const pieces = Array.from({ length }, () => piece += reader.varint());
    if (reader.remaining > 0) return err("More came behind the question");
    if (pieces.some((number, index) => index > 0 && number <= pieces[index - 1]!)) return err("A piece is named twice");
    return ok({ bases, pieces });
  } catch (cause) {
    if (!(cause instanceof ByteReaderError)) throw cause;
    return err(cause.message);
  }
}
