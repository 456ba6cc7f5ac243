import { ByteReader, ByteReaderError, ByteWriter, err, type Hash, hashBytes, ok, type Result } from "../../core/mod.ts";
import { deltaBasesMax, deltaTargetsMax } from "./limits.ts";

/** Which chunks are made of which. */
export interface DeltaOrder {
  /** Old chunks that both sides hold. Their bytes, one behind the other, are what a delta takes from. */
  readonly bases: readonly Hash[];
  /** New chunks that the delta makes, in its order. */
  readonly targets: readonly Hash[];
}

/**
 * Tells which chunks are made of which; a delta may stand behind it.
 *
 * ```
 * order = bases targets hash{bases} hash{targets}    varint, varint, 32 bytes each
 * ```
 */
export function encodeDeltaOrder({ bases, targets }: DeltaOrder): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(8 + (bases.length + targets.length) * hashBytes);
  writer.varint(bases.length);
  writer.varint(targets.length);
  for (const hash of bases) writer.hex(hash);
  for (const hash of targets) writer.hex(hash);
  return writer.bytes();
}

/** The longest order in bytes. */
export const deltaOrderBytesMax: number = 8 + (deltaBasesMax + deltaTargetsMax) * hashBytes;

/**
 * Reads what {@linkcode encodeDeltaOrder} wrote.
 *
 * @param bytes What came; it is not trusted.
 * @returns The order, and what stands behind it; a view into `bytes`.
 */
export function decodeDeltaOrder(
  bytes: Uint8Array,
): Result<{ readonly order: DeltaOrder; readonly rest: Uint8Array }, string> {
  const reader = new ByteReader(bytes);
  try {
    const [bases, targets] = [reader.varint(), reader.varint()];
    if (bases > deltaBasesMax) return err(`A delta against ${bases} chunks, more than ${deltaBasesMax}`);
    if (targets > deltaTargetsMax) return err(`A delta of ${targets} chunks, more than ${deltaTargetsMax}`);
    const hashes = (count: number): Hash[] => Array.from({ length: count }, () => reader.hex(hashBytes) as Hash);
    const order = { bases: hashes(bases), targets: hashes(targets) };
    return ok({ order, rest: bytes.subarray(reader.offset) });
  } catch (cause) {
    if (!(cause instanceof ByteReaderError)) throw cause;
    return err(cause.message);
  }
}
