import { assert } from "@std/assert";
import { type ChangedLine, withChangedCode } from "./changed_code.ts";

/** A change of the program, and what a violation begins with that shows it. */
interface NamedChange extends ChangedLine {
  readonly name: string;
  readonly breaks: RegExp;
  /** The first simulation that is looked at, since it takes very many of them. */
  readonly from: number;
}

const changes: readonly NamedChange[] = [
  {
    name: "a client that does not compare what a delta made with its SHA-256",
    file: "lib/client/transfer/fetch_deltas.ts",
    old: "if (chunk !== undefined && sha256(chunk) === hash) made.set(hash, chunk);",
    new: "if (chunk !== undefined) made.set(hash, chunk);",
    breaks: /^I5: /,
    from: 2990,
  },
  {
    name: "a decision for both that does not put the folder's aside",
    file: "lib/client/conflicts/resolve_conflicts.ts",
    old: "await rename(disk, path, freeName(path, { disk, clientId, nowMs }));",
    new: "remove(disk, path);",
    breaks: /^I1: \S+ lost/,
    from: 460,
  },
];

/** In so many simulations a change must show. */
const seedsMax = 1200;

for (const { name, breaks, from, ...line } of changes) {
  Deno.test({
    name: `the simulation shows ${name}`,
    // The changed program keeps the C library open, as every program does.
    sanitizeResources: false,
    fn: async () => {
      await using changed = await withChangedCode(line);
      for (let seed = from; seed < from + seedsMax; seed++) {
        const { violations } = await changed.runSimulation(seed);
        if (violations.some((violation) => breaks.test(violation))) return;
      }
      assert(false, `Nothing that begins with ${breaks} in ${seedsMax} simulations`);
    },
  });
}
