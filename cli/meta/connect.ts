import { Failure, parseSafePath, type SafePath } from "../../lib/core/mod.ts";
import { type OpenedMetadata, openMetadata } from "../../lib/app/metadata.ts";
import type { Invocation, OptionSpec } from "../command.ts";
import { caCertOption } from "../transfer.ts";

/** Options of every command of `dfs meta` that talks to a server. */
export const serverOptions: Readonly<Record<string, OptionSpec>> = {
  remote: { value: "URL", help: "Address of the server; the one that DIR/.dfs remembers" },
  space: { value: "NAME", help: "Space on the server; the one that DIR/.dfs remembers, or default" },
  "ca-cert": caCertOption,
  dir: { value: "DIR", help: "The synchronized folder (the current one)" },
  json: { help: "Print the outcome as JSON" },
};

/** Prepares to talk to the server of an invocation. */
export function connectMetadata(invocation: Invocation): OpenedMetadata {
  const [remote, space] = [invocation.text("remote"), invocation.text("space")];
  return openMetadata({ remote, space, caCertFile: invocation.text("ca-cert"), folder: invocation.text("dir") ?? "." });
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
