import { ByteReader, ByteReaderError, ByteWriter, err, type Result } from "../../core/mod.ts";
import { chunkRefBytes, Manifest } from "../manifest.ts";

/**
 * Tells a chunk list by its difference to another: runs of chunks taken over, and new chunks between them. Of a file of
 * 1 GiB with one edit it takes some 50 bytes where the whole list takes 600 KB.
 *
 * ```
 * delta = run*
 * run   = 2 * count + 0  start          varint, signed varint: chunks taken over; start counts from where the last
 *                                       taken run ended
 *       | 2 * count + 1  chunk{count}   varint; 36 bytes each, as in a packed list
 * ```
 */
export function encodeManifestDelta(manifest: Manifest, against: Manifest): Uint8Array<ArrayBuffer> {
  const places = new Map<string, number>();
  for (let index = against.length - 1; index >= 0; index--) places.set(refKey(against, index), index);
  const writer = new ByteWriter();
  let expected = 0;
  let index = 0;
  while (index < manifest.length) {
    const start = index;
    let from = continues(manifest, index, against, expected) ? expected : places.get(refKey(manifest, index));
    if (from !== undefined) {
      const first = from;
      while (index < manifest.length && continues(manifest, index, against, from)) {
        index++;
        from++;
      }
      writer.varint(2 * (index - start));
      writer.signedVarint(first - expected);
      expected = from;
    } else {
      while (index < manifest.length && !places.has(refKey(manifest, index))) index++;
      writer.varint(2 * (index - start) + 1);
      writer.raw(manifest.bytes.subarray(start * chunkRefBytes, index * chunkRefBytes));
    }
  }
  return writer.bytes();
}

/**
 * Puts the chunk list together again.
 *
 * @param delta By {@linkcode encodeManifestDelta}.
 * @param against The list it was told against.
 * @param options `chunksMax`: the most chunks the list may have, against a delta that would exhaust memory.
 */
export function decodeManifestDelta(
  delta: Uint8Array,
  against: Manifest,
  options: { readonly chunksMax: number },
): Result<Manifest, string> {
  const reader = new ByteReader(delta);
  const writer = new ByteWriter(against.bytes.length + delta.length);
  let expected = 0;
  try {
    while (reader.remaining > 0) {
      const head = reader.varint();
      const count = Math.floor(head / 2);
      if (count === 0) return err("A chunk list has an empty run");
      if (writer.length / chunkRefBytes + count > options.chunksMax) {
        return err(`A chunk list has more than ${options.chunksMax} chunks`);
      }
      if (head % 2 === 1) {
        writer.raw(reader.raw(count * chunkRefBytes));
        continue;
      }
      const start = expected + reader.signedVarint();
      if (start < 0 || start + count > against.length) return err("A chunk list takes over chunks that are not there");
      writer.raw(against.bytes.subarray(start * chunkRefBytes, (start + count) * chunkRefBytes));
      expected = start + count;
    }
  } catch (cause) {
    if (cause instanceof ByteReaderError) return err(cause.message);
    throw cause;
  }
  return Manifest.fromBytes(writer.bytes());
}

/** A string that is the same for the same chunk: cheaper to build than the hexadecimal name. */
function refKey(manifest: Manifest, index: number): string {
  return manifest.bytes.subarray(index * chunkRefBytes, (index + 1) * chunkRefBytes).toBase64();
}

function continues(manifest: Manifest, index: number, against: Manifest, place: number): boolean {
  if (place >= against.length) return false;
  const a = index * chunkRefBytes;
  const b = place * chunkRefBytes;
  for (let i = 0; i < chunkRefBytes; i++) if (manifest.bytes[a + i] !== against.bytes[b + i]) return false;
  return true;
}
