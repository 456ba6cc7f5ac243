/**
 * Runs simulations until one breaks an invariant, or all of them: `deno task simulate [--runs N] [--seed N]`. A seed alone
 * tells all that happens in its simulation; with a number of runs it is the first.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { runSimulation } from "./run_simulation.ts";

const runsDefault = 10_000;

const { runs, seed } = parseArgs(Deno.args, { string: ["runs", "seed"] });
const alone = seed !== undefined && runs === undefined;
const count = alone ? 1 : Number(runs ?? runsDefault);
const first = Number(seed ?? 1);
if (!Number.isSafeInteger(count) || !Number.isSafeInteger(first)) {
  console.error("Give whole numbers: deno task simulate [--runs N] [--seed N]");
  Deno.exit(2);
}

const startedMs = performance.now();
let broken = 0;
let events = 0;
for (let at = first; at < first + count; at++) {
  const { violations, trace } = await runSimulation(at);
  events += trace.length;
  if (alone || (violations.length > 0 && broken === 0)) console.log(trace.join("\n"));
  if (violations.length === 0) continue;
  broken++;
  console.log(`Broken: ${violations.join("\n")}\nAgain: deno task simulate --seed ${at}`);
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(`${count} simulations, ${events} events, ${broken} broken, in ${seconds} s`);
if (broken > 0) Deno.exit(1);
