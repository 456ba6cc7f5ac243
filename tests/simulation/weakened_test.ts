import { assert } from "@std/assert";
import { runSimulation } from "./run_simulation.ts";
import { weakenings } from "./weakenings.ts";

/** In so many simulations a weak part must show. */
const seedsMax = 600;

for (const { name, breaks, from = 1, make } of weakenings) {
  Deno.test(`the simulation shows ${name}`, async () => {
    for (let seed = from; seed < from + seedsMax; seed++) {
      const { violations } = await runSimulation(seed, make());
      if (violations.some((violation) => breaks.test(violation))) return;
    }
    assert(false, `Nothing that begins with ${breaks} in ${seedsMax} simulations`);
  });
}
