/**
 * Lets pack stores live through crashes and collections: `deno task simulate:packs [--runs N] [--seed N]`. A seed alone
 * tells all that happens to its store; with a number of runs it is the first.
 *
 * @module
 */
import { runSeeds } from "../support/run_seeds.ts";
import { runPackWorld } from "./run_pack_world.ts";

await runSeeds({ task: "simulate:packs", runsDefault: 2000, run: (seed) => runPackWorld(seed) });
