import { parseArgs } from "@std/cli";
import { runSimulation } from "./run_simulation.ts";

const { runs, seed } = parseArgs(Deno.args, { string: ["runs", "seed"], default: { runs: "10000" } });
const first = seed === undefined ? 1 : Number(seed);
const count = seed === undefined ? Number(runs) : 1;
const startedMs = performance.now();
let [events, broken] = [0, 0];
for (let at = first; at < first + count; at++) {
  const { violations, trace } = await runSimulation(at);
  events += trace.length;
  if (seed !== undefined || (violations.length > 0 && broken === 0)) console.log(trace.join("\n"));
  if (violations.length === 0) continue;
  broken++;
  console.log(`seed ${at}: ${violations.join("\n")}\nAgain: deno task simulate --seed ${at}`);
}
const seconds = (performance.now() - startedMs) / 1000;
console.log(`${count} runs, ${events} events, ${broken} broken, in ${seconds.toFixed(1)} s`);
if (broken > 0) Deno.exit(1);
