import { Failure } from "../lib/core/mod.ts";
import { exitCodes } from "./command.ts";
import { writeBug, writeError } from "./output.ts";

/** Tells what ended a command, on standard error; gives the exit code that fits. */
export function explain(cause: unknown): number {
  if (!(cause instanceof Failure)) {
    writeBug(cause);
    return exitCodes.failed;
  }
  writeError(`dfs: ${cause.message}`);
  for (const detail of cause.details) writeError(`  ${detail}`);
  if (cause.hint !== undefined) writeError(cause.hint.endsWith("?") ? cause.hint : `${cause.hint}.`);
  if (cause.kind === "usage") return exitCodes.usage;
  return cause.kind === "refused" ? exitCodes.refused : exitCodes.failed;
}
