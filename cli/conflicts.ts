import { format as formatBytes } from "@std/fmt/bytes";
import { Failure } from "../lib/core/mod.ts";
import { conflictsAt, listConflicts, type OpenConflict, showConflict } from "../lib/client/mod.ts";
import type { Entry } from "../lib/metadata/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { pathOperand } from "./ls.ts";
import { printable, write, writeJson, writeText } from "./output.ts";
import { lookInto, serverOptions } from "./server_options.ts";

/** `dfs conflicts` */
export const conflicts: Command = {
  name: "conflicts",
  summary: "List what both sides changed: conflicts that wait for a decision, and copies that were kept",
  operands: "[show PATH]",
  operandsMax: 2,
  options: serverOptions,
  async run(invocation) {
    const [action, operand] = invocation.operands;
    using connection = lookInto(invocation);
    const { workspace, remote } = connection;
    if (action === undefined) {
      const found = listConflicts(workspace);
      if (invocation.flag("json")) writeJson(found);
      else if (found.length === 0) write("No conflicts");
      else for (const conflict of found) write(line(conflict));
      return exitCodes.done;
    }
    if (action !== "show" || operand === undefined) {
      throw new Failure("usage", `"${action}" is nothing that dfs conflicts does`, {
        hint: "Write dfs conflicts, or dfs conflicts show PATH",
      });
    }
    const path = pathOperand(operand);
    for (const conflict of requireConflicts(conflictsAt(workspace, path), path)) {
      write(line(conflict));
      const diff = await showConflict(conflict, workspace, remote);
      if (diff === undefined) write("Binary files differ");
      else writeText(diff);
    }
    return exitCodes.done;
  },
};

/** Makes sure that there is a conflict. */
export function requireConflicts(found: readonly OpenConflict[], path: string): readonly OpenConflict[] {
  if (found.length > 0) return found;
  throw new Failure("not_found", `There is no conflict at "${path}"`, { hint: "dfs conflicts lists them" });
}

function line(conflict: OpenConflict): string {
  const path = printable(conflict.path);
  if (conflict.kind === "copy") return `copy     ${path}: ${printable(conflict.copy)} (${sizeOf(conflict.entry)})`;
  return `waiting  ${path}: here ${sizeOf(conflict.ours)}, on the server ${sizeOf(conflict.theirs)}`;
}

function sizeOf(entry: Entry | undefined): string {
  if (entry === undefined) return "nothing";
  return entry.kind === "file" ? formatBytes(entry.size) : entry.kind;
}
