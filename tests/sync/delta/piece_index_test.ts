import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  coarse,
  cutChunk,
  cutPieces,
  decodeDelta,
  encodeDelta,
  fine,
  finePiecesMax,
  type FoundSteps,
  PieceIndex,
  PieceSpace,
} from "../../../lib/sync/delta/mod.ts";
import { noise, prose } from "../../storage/fixtures.ts";
import { anyEdited, splice } from "./edited.ts";

/** An index of old chunks, by their names alone. */
function indexOf(chunks: readonly Uint8Array[]): PieceIndex {
  return new PieceIndex(chunks.map((chunk) => Uint32Array.from(cutPieces(chunk, coarse).names)));
}

/** Finds a new chunk in old ones, first among coarse pieces and then among the fine ones that are asked for. */
function find(chunks: readonly Uint8Array[], after: Uint8Array): FoundSteps & { readonly asked: number } {
  const index = indexOf(chunks);
  const space = new PieceSpace(chunks);
  const cut = cutChunk(after);
  const { pieces } = index.gaps([cut]);
  index.refine(pieces, pieces.map((piece) => Uint32Array.from(cutPieces(space.piece(piece)!, fine).names)));
  return { ...index.find(cut), asked: pieces.length };
}

function rebuild(chunks: readonly Uint8Array[], { steps }: FoundSteps, length: number): Uint8Array | undefined {
  const space = new PieceSpace(chunks);
  const made = decodeDelta(encodeDelta([{ length, steps }]), {
    targets: 1,
    units: (from, count) => space.units(from, count),
  });
  assert(made.ok, made.ok ? "" : made.error);
  return made.value[0];
}

Deno.test("PieceSpace makes again of what PieceIndex.find() found the very bytes", () => {
  fc.assert(fc.property(anyEdited, fc.nat(20_000), ({ before, after }, at) => {
    const chunks = [before.subarray(0, at), before.subarray(at)].filter(({ length }) => length > 0);
    for (const found of [find(chunks, after), indexOf(chunks).find(cutChunk(after))]) {
      assertEquals(rebuild(chunks, found, after.length), after.length === 0 ? undefined : after);
    }
  }));
});

Deno.test("PieceIndex.find() of bytes that differ by an insertion finds all but what is around it", () => {
  const before = prose(200_000, 1);
  const after = splice(before, 100_000, 0, noise(100, 2));
  const coarsely = indexOf([before]).find(cutChunk(after));
  const finely = find([before], after);
  const [coarseRest, fineRest] = [after.length - coarsely.foundBytes, after.length - finely.foundBytes];
  assert(coarseRest < 20_000, `${coarseRest} bytes are not found among coarse pieces`);
  assert(fineRest < 1200 && fineRest < coarseRest, `${fineRest} bytes are not found among fine ones`);
  assert(finely.asked > 0 && finely.asked < 30, `${finely.asked} pieces asked for`);
});

Deno.test("PieceIndex.gaps() asks for nothing where everything is found, or nothing is", () => {
  const before = noise(100_000, 1);
  assertEquals(indexOf([before]).gaps([cutChunk(before)]), { bytes: 0, pieces: [] });
  assertEquals(indexOf([before]).gaps([cutChunk(noise(50_000, 2))]), { bytes: 50_000, pieces: [] });
});

Deno.test("PieceSpace gives nothing behind its last piece", () => {
  const space = new PieceSpace([noise(10, 1), noise(20, 2)]);
  assertEquals(space.units(0, 2 * finePiecesMax)?.length, 30);
  assertEquals([space.units(0, 2 * finePiecesMax + 1), space.units(2 * finePiecesMax, 1), space.piece(2)], [
    undefined,
    undefined,
    undefined,
  ]);
});
