import { ByteWriter, zstdCompress } from "../../core/mod.ts";

/**
 * One step in making a chunk: some bytes that are brought along, or units taken over from old chunks. What a unit is,
 * both sides agree on beforehand: a byte, or a piece.
 */
export type DeltaStep =
  | { readonly literal: Uint8Array }
  | {
    /** The first unit, counted over all old chunks one behind the other. */
    readonly from: number;
    /** How many units, at least one. */
    readonly count: number;
  };

/** How to make one chunk. */
export interface DeltaTarget {
  /** Its length in bytes; 0 for a chunk that the delta does not make. */
  readonly length: number;
  /** What makes up its bytes, in order. */
  readonly steps: readonly DeltaStep[];
}

/**
 * Packs how to make new chunks of old ones.
 *
 * ```
 * delta   = version steps literals codec payload
 * version  = 1                                        1 byte
 * steps    = bytes of all steps of all chunks         varint
 * literals = bytes that are brought along             varint
 * codec    = 0 (as it is) | 1 (zstd)                  1 byte
 * payload  = chunk* , then all literals one behind the other
 * chunk    = length (literal [count from])*           until its length is reached
 * length   = length of the chunk, 0 if it is not made varint
 * literal  = how many of the literals come next       varint; after the last ones there is no count
 * count    = how many units are taken over then       varint, at least 1
 * from     = the first of them, less where the last units taken over ended     signed varint
 * ```
 *
 * @param targets The chunks, in the order that both sides know.
 */
export function encodeDelta(targets: readonly DeltaTarget[]): Uint8Array<ArrayBuffer> {
  const steps = new ByteWriter();
  const literals = new ByteWriter();
  let expected = 0;
  for (const target of targets) {
    steps.varint(target.length);
    let waiting = 0;
    for (const step of target.steps) {
      if ("literal" in step) {
        literals.raw(step.literal);
        waiting += step.literal.length;
      } else {
        steps.varint(waiting);
        steps.varint(step.count);
        steps.signedVarint(step.from - expected);
        expected = step.from + step.count;
        waiting = 0;
      }
    }
    if (waiting > 0) steps.varint(waiting);
  }
  return pack(steps.view(), literals.view());
}

/** What a delta begins with: how it is laid out. */
export const deltaVersion = 1;
/** How the payload of a delta is packed. */
export const deltaCodecs = { raw: 0, zstd: 1 } as const;

/** Up to so many bytes are packed with more care: there are few, and what packing them takes is not noticed. */
const carefulBytesMax: number = 512 * 1024;
const carefulLevel = 9;

function pack(steps: Uint8Array, literals: Uint8Array): Uint8Array<ArrayBuffer> {
  const raw = new Uint8Array(steps.length + literals.length);
  raw.set(steps);
  raw.set(literals, steps.length);
  const packed = raw.length <= carefulBytesMax ? zstdCompress(raw, carefulLevel) : zstdCompress(raw);
  const shrunk = packed.length < raw.length;
  const writer = new ByteWriter(32 + raw.length);
  writer.byte(deltaVersion);
  writer.varint(steps.length);
  writer.varint(literals.length);
  writer.byte(shrunk ? deltaCodecs.zstd : deltaCodecs.raw);
  writer.raw(shrunk ? packed : raw);
  return writer.bytes();
}
