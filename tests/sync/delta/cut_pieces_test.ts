import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { coarse, cutPieces, fine } from "../../../lib/sync/delta/mod.ts";
import { pieceEnds } from "../../../lib/sync/delta/cut_pieces.ts";
import { noise } from "../../storage/fixtures.ts";
import { anyEdited, splice } from "./edited.ts";

for (const [name, grain] of Object.entries({ coarse, fine })) {
  Deno.test(`cutPieces() cuts all bytes into ${name} pieces of the lengths allowed`, () => {
    fc.assert(fc.property(anyEdited, ({ after }) => {
      const { ends, names } = cutPieces(after, grain);
      const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 0));
      assertEquals(lengths.reduce((sum, length) => sum + length, 0), after.length);
      assertEquals(names.length, ends.length);
      for (const [index, length] of lengths.entries()) {
        assert(length <= grain.bytesMax && (length >= grain.bytesMin || index === lengths.length - 1));
      }
      assertEquals(pieceEnds(after, grain), ends);
    }));
  });

  Deno.test(`cutPieces() into ${name} pieces finds again nearly all of them behind an insertion`, () => {
    const before = noise(200_000, 1);
    const known = new Set(cutPieces(before, grain).names);
    const { names } = cutPieces(splice(before, 100_000, 0, noise(100, 2)), grain);
    const fresh = names.filter((piece) => !known.has(piece));
    assert(fresh.length >= 1 && fresh.length <= 5, `${fresh.length} new pieces`);
  });
}

Deno.test("cutPieces() cuts for ever as it does now, which is part of the protocol", () => {
  assertEquals(cutPieces(noise(6000, 3), coarse).ends, [742, 2178, 3227, 4288, 4957, 5494, 6000]);
  assertEquals(cutPieces(noise(800, 3), fine).ends, [140, 291, 551, 616, 742, 800]);
});

Deno.test("cutPieces() names pieces by their MurmurHash3, as others compute it", () => {
  const nameOf = (text: string): number[] => [...cutPieces(new TextEncoder().encode(text), coarse).names];
  assertEquals(nameOf("The quick brown fox jumps over the lazy dog"), [0x2e4ff723]);
  assertEquals(nameOf("hello, world"), [0x149bbb7f]);
});

Deno.test("cutPieces() gives pieces of one byte more, or of other bytes, another name", () => {
  const nameOf = (...bytes: number[]): number => cutPieces(Uint8Array.of(...bytes), fine).names[0]!;
  const names = [nameOf(0), nameOf(0, 0), nameOf(0, 0, 0), nameOf(0, 0, 0, 0), nameOf(1), nameOf(0, 1), nameOf(1, 0)];
  assertEquals(new Set(names).size, names.length);
  assertEquals(cutPieces(new Uint8Array(), coarse), { ends: [], names: [] });
});
