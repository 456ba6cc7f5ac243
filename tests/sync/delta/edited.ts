import fc from "fast-check";
import { concat, noise, prose } from "../../storage/fixtures.ts";

/** Bytes, and what an edit made of them. */
export interface Edited {
  readonly before: Uint8Array<ArrayBuffer>;
  readonly after: Uint8Array<ArrayBuffer>;
}

/** Replaces some bytes by others. */
export function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

/** Bytes of all sorts: such as compress, such as do not, and such as repeat themselves. */
const anyBytes: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.oneof(
  fc.record({ length: fc.nat(20_000), seed: fc.nat() }).map(({ length, seed }) => noise(length, seed)),
  fc.record({ length: fc.nat(20_000), seed: fc.nat() }).map(({ length, seed }) => prose(length, seed)),
  fc.record({ length: fc.nat(20_000), period: fc.integer({ min: 1, max: 40 }) })
    .map(({ length, period }) => Uint8Array.from({ length }, (_, at) => at % period)),
);

/** Bytes, and the same with a few edits, none at all, or others altogether. */
export const anyEdited: fc.Arbitrary<Edited> = fc.oneof(
  fc.record({ before: anyBytes, after: anyBytes }),
  fc.record({
    before: anyBytes,
    edits: fc.array(fc.record({ at: fc.nat(20_000), removed: fc.nat(300), added: fc.uint8Array({ maxLength: 300 }) }), {
      maxLength: 5,
    }),
  }).map(({ before, edits }) => ({
    before,
    after: edits.reduce((bytes, { at, removed, added }) => {
      return splice(bytes, Math.min(at, bytes.length), removed, Uint8Array.from(added));
    }, before),
  })),
);
