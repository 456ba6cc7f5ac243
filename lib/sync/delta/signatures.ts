import { ByteReader, ByteReaderError, ByteWriter, err, ok, type Result } from "../../core/mod.ts";
import { chunkBytesMax } from "../../storage/mod.ts";
import { coarse, finePiecesMax } from "./cut_pieces.ts";

/**
 * Tells the names of the pieces that chunks, or coarse pieces, are cut into.
 *
 * ```
 * signatures = version part*
 * version    = 1                    1 byte: how parts are cut, and pieces named
 * part       = count name{count}    varint, 0 for a part that is not to be had; 4 bytes each, little-endian
 * ```
 *
 * @param parts For each chunk, or coarse piece, the names of its pieces.
 */
export function encodeSignatures(parts: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.byte(signatureVersion);
  for (const names of parts) {
    writer.varint(names.length);
    for (const name of names) writer.uint32(name);
  }
  return writer.bytes();
}

/**
 * Reads what {@linkcode encodeSignatures} wrote.
 *
 * @param bytes What came; it is not trusted.
 * @param count How many parts were asked about.
 * @returns For each of them the names of its pieces; none where it is not to be had.
 */
export function decodeSignatures(bytes: Uint8Array, count: number): Result<Uint32Array[], string> {
  const reader = new ByteReader(bytes);
  try {
    if (reader.byte() !== signatureVersion) return err("The pieces of chunks are named in an unknown way");
    const parts: Uint32Array[] = [];
    for (let index = 0; index < count; index++) {
      const pieces = reader.count(nameBytes);
      if (pieces > piecesMax) return err(`A part has ${pieces} pieces, more than ${piecesMax}`);
      parts.push(Uint32Array.from({ length: pieces }, () => reader.uint32()));
    }
    return reader.remaining === 0 ? ok(parts) : err("More came behind the names of the pieces");
  } catch (cause) {
    if (!(cause instanceof ByteReaderError)) throw cause;
    return err(cause.message);
  }
}

const signatureVersion = 1;
/** Bytes of the name of a piece. */
const nameBytes = 4;
/** How many pieces a part has at most. */
const piecesMax = Math.max(finePiecesMax, chunkBytesMax / coarse.bytesMin);
