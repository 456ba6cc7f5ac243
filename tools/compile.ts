/**
 * Builds the standalone executables into `dist/`: `deno task compile`.
 *
 * @module
 */
import { engineFlags, type Executable, executables, targets } from "./executables.ts";

/** What the compiler says when it has no runtime to put the program into. */
const runtimeMissing = /denort/i;

async function main(): Promise<number> {
  const supplied = Deno.env.get("DENORT_BIN");
  // A supplied runtime is of one platform; the others are left to those who have theirs.
  const wanted = supplied === undefined ? targets : targets.filter((target) => target === Deno.build.target);
  for (const target of wanted) {
    for (const executable of executables) {
      const output = `dist/${target}/${executable.name}${target.includes("windows") ? ".exe" : ""}`;
      const problem = await compile(executable, { target, output, supplied: supplied !== undefined });
      if (problem !== undefined) {
        console.error(explain(problem, target));
        return 1;
      }
      console.log(`${output} (${(Deno.statSync(output).size / 1e6).toFixed(1)} MB)`);
    }
  }
  return 0;
}

/** Compiles one executable; gives what the compiler said if it failed. */
async function compile(
  { entry, permissions, include }: Executable,
  { target, output, supplied }: { readonly target: string; readonly output: string; readonly supplied: boolean },
): Promise<string | undefined> {
  const args = [
    "compile",
    "--quiet",
    "--no-prompt",
    "--exclude-unused-npm",
    engineFlags,
    ...permissions,
    ...include.map((module) => `--include=${module}`),
    // With a target of its own the compiler looks for that runtime, and not for the one supplied.
    ...(supplied ? [] : ["--target", target]),
    "--output",
    output,
    entry,
  ];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return success ? undefined : new TextDecoder().decode(stderr);
}

function explain(problem: string, target: string): string {
  if (!runtimeMissing.test(problem)) return problem.trimEnd();
  return `The runtime for ${target} could not be had; connect to the network once, or name a denort ` +
    `${Deno.version.deno} of this platform: DENORT_BIN=/path/to/denort deno task compile`;
}

Deno.exit(await main());
