import {
  encodeFrameParts,
  frameChunksMax,
  type FrameParts,
  frameRawBytesTarget,
  isWorthCompressing,
  storeFrameParts,
} from "../../storage/mod.ts";

/** Where a chunk lies in a buffer. */
export interface ChunkSpan {
  /** Its first byte. */
  readonly start: number;
  /** The byte behind its last. */
  readonly end: number;
}

/**
 * Packs the chunks that lie in a buffer into frames; those that lie one behind the other are not copied.
 *
 * @returns The frames one behind the other, in pieces; some are views of `buffer`.
 */
export function packFrames(buffer: Uint8Array, chunks: readonly ChunkSpan[]): Uint8Array[] {
  return groupChunks(chunks).flatMap((group) => encodeFrameParts(...joinChunks(buffer, group)));
}

/**
 * Does what {@linkcode packFrames} does, if that takes no time worth mentioning: nothing in the buffer compresses.
 *
 * @returns The frames; `undefined` if some of them are worth compressing.
 */
export function storeFrames(buffer: Uint8Array, chunks: readonly ChunkSpan[]): Uint8Array[] | undefined {
  const frames: FrameParts[] = [];
  for (const group of groupChunks(chunks)) {
    const [raw, lengths] = joinChunks(buffer, group);
    if (isWorthCompressing(raw)) return undefined;
    frames.push(storeFrameParts(raw, lengths));
  }
  return frames.flat();
}

/** Groups chunks into what goes into one frame. */
function groupChunks(chunks: readonly ChunkSpan[]): ChunkSpan[][] {
  const groups: ChunkSpan[][] = [];
  let bytes = Infinity;
  for (const chunk of chunks) {
    if (bytes >= frameRawBytesTarget || groups.at(-1)!.length === frameChunksMax) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(chunk);
    bytes += chunk.end - chunk.start;
  }
  return groups;
}

/** The bytes of some chunks one behind the other, and the length of each. */
function joinChunks(buffer: Uint8Array, group: readonly ChunkSpan[]): [raw: Uint8Array, lengths: number[]] {
  const lengths = group.map(({ start, end }) => end - start);
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  const { start } = group[0]!;
  if (group.at(-1)!.end - start === bytes) return [buffer.subarray(start, start + bytes), lengths];
  const raw = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of group) {
    raw.set(buffer.subarray(chunk.start, chunk.end), offset);
    offset += chunk.end - chunk.start;
  }
  return [raw, lengths];
}
