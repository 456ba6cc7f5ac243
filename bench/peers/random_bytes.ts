/**
 * A seeded source of numbers, the same on every run (xorshift32).
 *
 * @param seed Any integer but 0.
 * @returns A function that gives an integer from 0 to 2^32 - 1 with each call.
 */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/**
 * Bytes that nothing can compress, different on every call.
 *
 * @param length How many.
 * @returns The bytes.
 */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  // The most that one call may ask for.
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}
