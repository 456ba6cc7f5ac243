import { assert, assertEquals } from "@std/assert";
import { Manifest } from "../../lib/metadata/mod.ts";
import { ManifestGuess } from "../../lib/sync/mod.ts";
import { ReplacedRun, replacedSlackBytes } from "../../lib/sync/replaced_run.ts";
import { contentOf } from "../metadata/store/fixtures.ts";

const names = Array.from({ length: 100 }, (_, index) => contentOf(`chunk ${index}`));
const length = 40_000;
const manifest = Manifest.of(names.map((hash) => ({ hash, length })));

/** The places of the earlier chunks that a new one is compared with. */
function placesOf(tell: () => readonly { readonly index: number }[]): number[] {
  return tell().map(({ index }) => index);
}

Deno.test("ManifestGuess.replaced() tells the very chunks between two that both versions have", () => {
  const guess = new ManifestGuess(manifest);
  for (let index = 0; index < 50; index++) assert(guess.accept(names[index]!));
  const [first, second] = [guess.replaced(20_000), guess.replaced(30_000)];
  assert(guess.resume(names[52]!));
  assertEquals([placesOf(first), placesOf(second)], [[50, 51], [50, 51]]);
  const third = guess.replaced(10);
  assert(guess.resume(names[53]!));
  assertEquals(placesOf(third), []);
});

Deno.test("ManifestGuess.replaced() tells the chunks around the place where no other is known", () => {
  const guess = new ManifestGuess(manifest);
  const tells = Array.from({ length: 50 }, () => guess.replaced(length));
  const places = placesOf(tells[49]!);
  assert(places.includes(49) && places.length < 20, places.join());
  assert(places[0]! * length <= 49 * length - replacedSlackBytes);
  assert((places.at(-1)! + 1) * length >= 50 * length + replacedSlackBytes);
});

Deno.test("ReplacedRun.around() tells the last chunks of an earlier version that a file grows beyond", () => {
  const run = new ReplacedRun(manifest, 98);
  const places = Array.from({ length: 20 }, () => run.add(length));
  assertEquals(run.around(places[0]!, length).map(({ index }) => index), [98, 99]);
  assertEquals(run.around(places[19]!, length).map(({ index }) => index), [98, 99]);
});

Deno.test("ReplacedRun.close() takes no notice of a chunk that moved here from before", () => {
  const run = new ReplacedRun(manifest, 50);
  const place = run.add(length);
  run.close(3);
  assertEquals(run.around(place, length)[0]?.index, 50);
});
