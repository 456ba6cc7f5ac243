import { Failure, parseSafePath, type SafePath } from "../../lib/core/mod.ts";
import { type OpenedMetadata, openMetadata } from "../../lib/app/metadata.ts";
import type { Invocation } from "../command.ts";
import { serverOf } from "../server_options.ts";

/** Prepares to talk to the server of an invocation. */
export function connectMetadata(invocation: Invocation): OpenedMetadata {
  return openMetadata(serverOf(invocation));
}

/** The one path that a command is about. */
export function onlyPath(invocation: Invocation, command: string): SafePath {
  const [operand] = invocation.operands;
  if (operand === undefined) {
    throw new Failure("usage", `dfs ${command} needs a path`, { hint: `Write dfs ${command} PATH` });
  }
  const path = parseSafePath(operand.replace(/(?<=.)\/+$/, ""));
  if (path.ok) return path.value;
  throw new Failure("usage", path.error);
}

/** The one file that a command reads. */
export function onlyFile(invocation: Invocation, command: string): string {
  const [operand] = invocation.operands;
  if (operand !== undefined) return operand;
  throw new Failure("usage", `dfs ${command} needs a file`, {
    hint: `Write dfs ${command} FILE, or - for standard input`,
  });
}
