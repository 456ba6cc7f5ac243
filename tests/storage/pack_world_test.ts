import { assert, assertEquals } from "@std/assert";
import { runPackWorld } from "./run_pack_world.ts";

/** How many worlds the test lets live; `deno task simulate:packs` as many as it is told to. */
const worlds = 16;
/** In so many a medium that keeps nothing must show. */
const weakWorldsMax = 20;

Deno.test("whatever befalls a pack store, what is named stays, and a collection leaves nothing else", async () => {
  const unseen = new Set([
    /power cut/,
    /kill/,
    /the index is lost/,
    /(before|after) a flush of/,
    /(before|after) a write to/,
    /open \d/,
    /os error/,
    /^opens in vain/,
    /^closes/,
    /^only .* are named/,
    /^collects with a grace of 0/,
  ]);
  for (let seed = 1; seed <= worlds; seed++) {
    const { violations, trace } = await runPackWorld(seed);
    assertEquals(violations, [], `${trace.join("\n")}\nAgain: deno task simulate:packs --seed ${seed}`);
    for (const incident of unseen) if (trace.some((line) => incident.test(line))) unseen.delete(incident);
  }
  assertEquals([...unseen], []);
});

Deno.test("runPackWorld() does the same again with the same seed, and something else with another", async () => {
  const [once, again, other] = [await runPackWorld(3), await runPackWorld(3), await runPackWorld(4)];
  assertEquals(again, once);
  assert(other.trace.join() !== once.trace.join());
});

Deno.test("runPackWorld() shows a medium that does not keep what is flushed", async () => {
  for (let seed = 1; seed <= weakWorldsMax; seed++) {
    if ((await runPackWorld(seed, { keepsFlushed: false })).violations.length > 0) return;
  }
  assert(false, `Nothing was lost in ${weakWorldsMax} worlds`);
});
