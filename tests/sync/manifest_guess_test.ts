import { assertEquals } from "@std/assert";
import { Manifest } from "../../lib/metadata/mod.ts";
import { ManifestGuess } from "../../lib/sync/mod.ts";
import { contentOf } from "../metadata/store/fixtures.ts";

const [a, b, c, other] = ["a", "b", "c", "other"].map(contentOf);
const manifest = Manifest.of([{ hash: a!, length: 10 }, { hash: b!, length: 20 }, { hash: c!, length: 30 }]);

Deno.test("ManifestGuess guesses chunk after chunk as long as it is right", () => {
  const guess = new ManifestGuess(manifest);
  assertEquals(guess.nextLength(100, false), 10);
  assertEquals(guess.accept(a!), true);
  assertEquals(guess.nextLength(100, false), 20);
});

Deno.test("ManifestGuess guesses nothing longer than what is at hand", () => {
  const guess = new ManifestGuess(manifest);
  assertEquals([guess.nextLength(9, true), guess.nextLength(10, true)], [undefined, 10]);
});

Deno.test("ManifestGuess guesses the last chunk only where the file ends with it", () => {
  const guess = new ManifestGuess(manifest);
  guess.accept(a!);
  guess.accept(b!);
  assertEquals(guess.nextLength(30, true), 30);
  assertEquals([guess.nextLength(30, false), guess.nextLength(31, true), guess.nextLength(31, false)], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(guess.accept(c!), true);
  assertEquals(guess.nextLength(100, true), undefined);
});

Deno.test("ManifestGuess guesses no more after a wrong guess, until it recognizes a chunk", () => {
  const guess = new ManifestGuess(manifest);
  assertEquals(guess.accept(other!), false);
  assertEquals(guess.nextLength(100, false), undefined);
  assertEquals(guess.resume(other!), false);
  assertEquals(guess.nextLength(100, false), undefined);
  assertEquals(guess.resume(a!), true);
  assertEquals(guess.nextLength(100, false), 20);
});

Deno.test("ManifestGuess goes on behind the first of equal chunks", () => {
  const guess = new ManifestGuess(Manifest.of([a, b, a, c].map((hash, index) => ({ hash: hash!, length: index + 1 }))));
  assertEquals(guess.resume(a!), true);
  assertEquals(guess.nextLength(100, false), 2);
});

Deno.test("ManifestGuess of no chunks guesses nothing", () => {
  const guess = new ManifestGuess(Manifest.of([]));
  assertEquals([guess.nextLength(0, true), guess.nextLength(100, false), guess.resume(a!)], [
    undefined,
    undefined,
    false,
  ]);
});
