import type { Result } from "../../lib/core/mod.ts";
import { type ChunkStore, encodeFrame, type FrameError, type PutReceipt } from "../../lib/storage/mod.ts";

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that nothing can compress, the same for the same seed. */
export function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  return new Uint8Array(words.buffer, 0, length);
}

/** Text that compresses well, the same for the same seed. */
export function prose(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const words = ["chunk", "frame", "pack", "hash", "index", "store", "durable", "revision"];
  let text = "";
  while (text.length < length) text += `${words[Math.floor(random() * words.length)]}${Math.floor(random() * 100)} `;
  return new TextEncoder().encode(text.slice(0, length));
}

/** Puts pieces of bytes one behind the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Packs chunks into one frame. */
export function frameOf(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return encodeFrame(concat(chunks), chunks.map((chunk) => chunk.length));
}

/** Puts frames into a store, all in one call. */
export function putFrames(
  store: ChunkStore,
  ...frames: readonly Uint8Array[]
): Promise<Result<PutReceipt, FrameError>> {
  return store.putFrames(ReadableStream.from(frames));
}

/** A whole number from 0 to below `limit`. */
export function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}
