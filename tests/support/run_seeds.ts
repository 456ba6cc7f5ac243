import { parseArgs } from "@std/cli";

/** What came of a seed. */
export interface SeedOutcome {
  /** What was broken. */
  readonly violations: readonly string[];
  /** All that happened, in its order. */
  readonly trace: readonly string[];
}

/** Options of {@linkcode runSeeds}. */
export interface SeedOptions {
  /** The task that runs it: what a person types behind `deno task`. */
  readonly task: string;
  /** How many seeds are run unless told. */
  readonly runsDefault: number;
  /** Lets happen what a seed says. */
  readonly run: (seed: number) => Promise<SeedOutcome>;
}

/**
 * Runs what seeds say, and ends the program with 1 if anything breaks: `[--runs N] [--seed N]`. A seed alone tells all that
 * happens by it; with a number of runs it is the first.
 */
export async function runSeeds({ task, runsDefault, run }: SeedOptions): Promise<void> {
  const { runs, seed } = parseArgs(Deno.args, { string: ["runs", "seed"] });
  const alone = seed !== undefined && runs === undefined;
  const count = alone ? 1 : Number(runs ?? runsDefault);
  const first = Number(seed ?? 1);
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(first)) {
    console.error(`Give whole numbers: deno task ${task} [--runs N] [--seed N]`);
    Deno.exit(2);
  }
  const startedMs = performance.now();
  let broken = 0;
  let events = 0;
  for (let at = first; at < first + count; at++) {
    const { violations, trace } = await run(at);
    events += trace.length;
    if (alone || (violations.length > 0 && broken === 0)) console.log(trace.join("\n"));
    if (violations.length === 0) continue;
    broken++;
    console.log(`Broken: ${violations.join("\n")}\nAgain: deno task ${task} --seed ${at}`);
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${count} simulations, ${events} events, ${broken} broken, in ${seconds} s`);
  if (broken > 0) Deno.exit(1);
}
