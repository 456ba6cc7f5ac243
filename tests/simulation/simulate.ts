/**
 * Runs simulations until one breaks an invariant, or all of them: `deno task simulate [--runs N] [--seed N]`. A seed alone
 * tells all that happens in its simulation; with a number of runs it is the first.
 *
 * @module
 */
import { runSeeds } from "../support/run_seeds.ts";
import { runSimulation } from "./run_simulation.ts";

await runSeeds({ task: "simulate", runsDefault: 10_000, run: (seed) => runSimulation(seed) });
