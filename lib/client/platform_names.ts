import { type SafePath, windowsNameProblem } from "../core/mod.ts";

/** Says why this platform cannot hold a path, if it cannot: a sentence. */
export function unstorableName(path: SafePath): string | undefined {
  if (Deno.build.os !== "windows") return undefined;
  for (const name of path.split("/")) {
    const problem = windowsNameProblem(name);
    if (problem !== undefined) return `Windows cannot hold ${JSON.stringify(name)}: ${problem}`;
  }
  return undefined;
}
