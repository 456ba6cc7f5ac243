import { Failure } from "../../lib/core/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { printable, write, writeJson } from "../output.ts";
import { inputName, parseInput, readInput, type ReadOutcome } from "./read_input.ts";
import { showMistakes } from "./show_mistakes.ts";

/** `dfs meta check` */
export const metaCheck: Command = {
  name: "meta check",
  summary: "Find every mistake in metadata files, of any form; - reads standard input",
  operands: "FILE...",
  operandsMax: 10_000,
  options: {
    json: { help: "Print the mistakes as JSON" },
    quiet: { help: "Print nothing of files without mistakes" },
  },
  async run(invocation) {
    const { operands } = invocation;
    if (operands.length === 0) {
      throw new Failure("usage", "dfs meta check needs a file", {
        hint: "Write dfs meta check FILE, or - for standard input",
      });
    }
    const json = invocation.flag("json");
    const results: unknown[] = [];
    let sound = true;
    for (const operand of operands) {
      const input = await readInput(operand);
      const outcome = parseInput(input);
      sound &&= outcome.form === "ok";
      if (json) results.push({ file: inputName(operand), ...countOrMistakes(outcome) });
      else if (outcome.form !== "ok") showMistakes(operand, input, outcome);
      else if (!invocation.flag("quiet")) {
        write(`${printable(inputName(operand))}: ${outcome.files.length} entries, no mistakes`);
      }
    }
    if (json) writeJson(results);
    return sound ? exitCodes.done : exitCodes.failed;
  },
};

function countOrMistakes(outcome: ReadOutcome): { readonly entries?: number; readonly mistakes: readonly unknown[] } {
  switch (outcome.form) {
    case "ok":
      return { entries: outcome.files.length, mistakes: [] };
    case "ddl":
      return { mistakes: outcome.diagnostics };
    case "json":
      return { mistakes: outcome.problems };
    case "binary":
      return { mistakes: [{ message: outcome.message }] };
  }
}
