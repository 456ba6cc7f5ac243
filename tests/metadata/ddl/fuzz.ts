/**
 * The long fuzz run: `deno task fuzz:ddl [--inputs=N] [--seed=N]`. It prints the seed first, and on a failure the input.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { checkInput } from "./check_input.ts";
import { fuzzInput } from "./fuzz_input.ts";
import { Random } from "./random.ts";

const flags = parseArgs(Deno.args, { string: ["inputs", "seed"] });
const inputs = Number(flags.inputs ?? 10_000_000);
const seed = Number(flags.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
/** One input in so many is read by `@std/yaml` too, and the next one is rendered. */
const yamlEvery = 8;
const reportEvery = 1_000_000;

console.log(`fuzz:ddl: ${inputs} inputs, seed ${seed}`);
const random = new Random(seed);
let accepted = 0;
for (let index = 1; index <= inputs; index++) {
  const text = fuzzInput(random);
  try {
    if (checkInput(text, { yaml: index % yamlEvery === 0, render: index % yamlEvery === 1 })) accepted++;
  } catch (error) {
    console.error(`Input ${index} of seed ${seed} fails: ${JSON.stringify(text)}`);
    console.error(error);
    Deno.exit(1);
  }
  if (index % reportEvery === 0) console.log(`${index} inputs, ${accepted} accepted`);
}
console.log(`fuzz:ddl: ${inputs} inputs without a failure, ${accepted} accepted`);
