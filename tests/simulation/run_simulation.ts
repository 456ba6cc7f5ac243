import { quickTurns } from "./turns.ts";
import { type Weakening, World } from "./world.ts";

/** What came of a simulation. */
export interface SimulationResult {
  readonly seed: number;
  /** What was broken, each with the invariant it begins with. */
  readonly violations: readonly string[];
  /** All that happened, in its order. */
  readonly trace: readonly string[];
}

/** Simulates machines and a server with all their incidents; the same seed always gives the same. */
export async function runSimulation(seed: number, weakening: Weakening = {}): Promise<SimulationResult> {
  using _turns = quickTurns();
  const world = new World(seed, weakening);
  await world.live();
  return { seed, violations: world.oracle.violations, trace: world.trace };
}
