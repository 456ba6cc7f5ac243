import { ByteReader, ByteReaderError, err, ok, type Result, zstdDecompress } from "../../core/mod.ts";
import { chunkBytesMax } from "../../storage/mod.ts";
import { deltaCodecs, deltaVersion } from "./delta.ts";
import { deltaStepBytesMax, deltaTargetBytesMax } from "./limits.ts";

/** Options of {@linkcode decodeDelta}. */
export interface DecodeDeltaOptions {
  /** How many chunks it is to make. */
  readonly targets: number;
  /** The bytes of some units of the old chunks; `undefined` if there are no such units. */
  readonly units: (from: number, count: number) => Uint8Array | undefined;
}

/**
 * Makes the chunks that {@linkcode encodeDelta} told of. Whether they are the right ones only their hashes say.
 *
 * Takes time and memory for what the limits allow, whatever the bytes are: a chunk is no longer than a chunk can be, and
 * each step makes at least one byte.
 *
 * @param delta What came; it is not trusted.
 * @returns The chunks in order, each in memory of its own; `undefined` where the delta does not make one.
 */
export function decodeDelta(
  delta: Uint8Array,
  options: DecodeDeltaOptions,
): Result<(Uint8Array<ArrayBuffer> | undefined)[], string> {
  try {
    const unpacked = unpack(delta);
    if (!unpacked.ok) return unpacked;
    return ok(makeChunks(unpacked.value, options));
  } catch (cause) {
    if (cause instanceof ByteReaderError || cause instanceof DeltaFault) return err(cause.message);
    throw cause;
  }
}

/** What is wrong with a delta. */
class DeltaFault extends Error {}

interface Unpacked {
  readonly steps: ByteReader;
  readonly literals: ByteReader;
}

function unpack(delta: Uint8Array): Result<Unpacked, string> {
  const reader = new ByteReader(delta);
  if (reader.byte() !== deltaVersion) return err("A delta of an unknown kind; a newer dfs may have made it");
  const [stepBytes, literalBytes] = [reader.varint(), reader.varint()];
  if (stepBytes > deltaStepBytesMax) return err(`A delta of ${stepBytes} bytes of steps`);
  if (literalBytes > deltaTargetBytesMax) return err(`A delta that brings ${literalBytes} bytes along`);
  const codec = reader.byte();
  const payload = reader.raw(reader.remaining);
  const raw = codec === deltaCodecs.raw ? payload : inflate(payload, stepBytes + literalBytes, codec);
  if (raw.length !== stepBytes + literalBytes) return err(`A delta holds ${raw.length} bytes, not what it announced`);
  return ok({ steps: new ByteReader(raw.subarray(0, stepBytes)), literals: new ByteReader(raw.subarray(stepBytes)) });
}

function inflate(payload: Uint8Array, bytes: number, codec: number): Uint8Array {
  if (codec !== deltaCodecs.zstd) throw new DeltaFault(`Unknown codec ${codec} of a delta`);
  try {
    return zstdDecompress(payload, { bytesMax: bytes });
  } catch (cause) {
    throw new DeltaFault(`A delta does not unpack: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function makeChunks(
  { steps, literals }: Unpacked,
  { targets, units }: DecodeDeltaOptions,
): (Uint8Array<ArrayBuffer> | undefined)[] {
  const chunks: (Uint8Array<ArrayBuffer> | undefined)[] = [];
  let [expected, bytes] = [0, 0];
  const makeChunk = (length: number): Uint8Array<ArrayBuffer> => {
    const chunk = new Uint8Array(length);
    const put = (part: Uint8Array, at: number): number => {
      if (at + part.length > length) throw new DeltaFault("A chunk of a delta is longer than announced");
      chunk.set(part, at);
      return at + part.length;
    };
    for (let at = 0; at < length;) {
      at = put(literals.raw(steps.varint()), at);
      if (at === length) break;
      const count = steps.varint();
      const from = expected + steps.signedVarint();
      const taken = count > 0 && from >= 0 ? units(from, count) : undefined;
      if (taken === undefined || taken.length === 0) throw new DeltaFault("A delta takes from where nothing is");
      at = put(taken, at);
      expected = from + count;
    }
    return chunk;
  };
  for (let index = 0; index < targets; index++) {
    const length = steps.varint();
    bytes += length;
    if (length > chunkBytesMax) throw new DeltaFault(`A delta makes a chunk of ${length} bytes`);
    if (bytes > deltaTargetBytesMax) throw new DeltaFault(`A delta makes more than ${deltaTargetBytesMax} bytes`);
    chunks.push(length === 0 ? undefined : makeChunk(length));
  }
  if (steps.remaining + literals.remaining > 0) throw new DeltaFault("A delta holds more than it makes chunks of");
  return chunks;
}
