import { assert, assertEquals } from "@std/assert";
import { runSimulation } from "./run_simulation.ts";

/** How many simulations a test runs; `deno task simulate` runs as many as it is told to. */
const runsEach = 80;

/** In so many simulations every incident must have happened. */
const incidentSeedsMax = 1500;

for (let from = 1; from <= 4 * runsEach; from += runsEach) {
  Deno.test(`whatever happens, nothing is lost and all machines agree (seeds from ${from})`, async () => {
    for (let seed = from; seed < from + runsEach; seed++) {
      const { violations, trace } = await runSimulation(seed);
      const again = `Again: deno task simulate --seed ${seed}`;
      assertEquals(violations, [], `${trace.join("\n")}\n${again}`);
    }
  });
}

Deno.test("runSimulation() does the same again with the same seed, and something else with another", async () => {
  for (const seed of [1, 4, 17]) {
    const [once, again, other] = [await runSimulation(seed), await runSimulation(seed), await runSimulation(seed + 1)];
    assertEquals(again.trace, once.trace);
    assert(other.trace.join() !== once.trace.join());
  }
});

Deno.test("runSimulation() lets everything happen now and then that can happen", async () => {
  const incidents = [
    /crash at step/,
    /goes down: [1-9]\d* changes of names undone/,
    /unflushed files: .*(dropped|torn|zeroed)/,
    /changes of its state undone/,
    /the server goes down before/,
    /the request is lost/,
    /the answer is lost/,
    /a late request arrives/,
    /the disk is full/,
    /The server's disk is full/,
    /: (EIO|PermissionDenied|NotFound)/,
    /jumps by/,
    /loses its state/,
    /conflict at .*: (local|remote)/,
    /conflict at .*: merged/,
    /conflict at .*: manual/,
    /[1-9]\d* chunks arrive as deltas/,
    /[1-9]\d* chunks leave as deltas/,
    /[1-9]\d* versions removed/,
    /[1-9]\d* removed$/,
    /the collection ends: /,
    /decides about .*: (ours|theirs)/,
    /decides about .*: both/,
    /decides about .*: merged/,
    /restored [1-9]\d* paths/,
    /in secret/,
    /swaps/,
    /ignores "\*\.tmp/,
  ];
  const unseen = new Set(incidents);
  for (let seed = 1; seed <= incidentSeedsMax && unseen.size > 0; seed++) {
    const { trace } = await runSimulation(seed);
    for (const incident of unseen) if (trace.some((line) => incident.test(line))) unseen.delete(incident);
  }
  assertEquals([...unseen], []);
});
