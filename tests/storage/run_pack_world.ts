import { quickTurns } from "../simulation/turns.ts";
import type { SeedOutcome } from "../support/run_seeds.ts";
import { PackWorld, type PackWorldOptions } from "./pack_world.ts";

/** Lets a pack store live through what a seed says; the same seed always gives the same. */
export async function runPackWorld(seed: number, options: PackWorldOptions = {}): Promise<SeedOutcome> {
  using _turns = quickTurns();
  await using world = await PackWorld.make(seed, options);
  const { trace } = world;
  try {
    await world.live();
    return { violations: [], trace };
  } catch (cause) {
    return { violations: [cause instanceof Error ? cause.stack ?? cause.message : String(cause)], trace };
  }
}
