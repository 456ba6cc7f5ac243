/**
 * The long fuzz run of the binary form: `deno task fuzz:metadata [--inputs=N] [--seed=N]`. It prints the seed first, and
 * on a failure the input.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { Random } from "../ddl/random.ts";
import { checkStream } from "./check_stream.ts";
import { fuzzStream } from "./fuzz_stream.ts";

const flags = parseArgs(Deno.args, { string: ["inputs", "seed"] });
const inputs = Number(flags["inputs"] ?? 10_000_000);
const seed = Number(flags["seed"] ?? crypto.getRandomValues(new Uint32Array(1))[0]);
const reportEvery = 1_000_000;

console.log(`fuzz:metadata: ${inputs} inputs, seed ${seed}`);
const random = new Random(seed);
let accepted = 0;
for (let index = 1; index <= inputs; index++) {
  const bytes = fuzzStream(random);
  const cut = random.below(bytes.length + 1);
  try {
    if (checkStream(bytes, cut)) accepted++;
  } catch (error) {
    console.error(`Input ${index} of seed ${seed} fails, cut at ${cut}: ${bytes.toHex()}`);
    console.error(error);
    Deno.exit(1);
  }
  if (index % reportEvery === 0) console.log(`${index} inputs, ${accepted} accepted`);
}
console.log(`fuzz:metadata: ${inputs} inputs without a failure, ${accepted} accepted`);
