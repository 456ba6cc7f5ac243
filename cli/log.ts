import { format as formatBytes } from "@std/fmt/bytes";
import { Failure } from "../lib/core/mod.ts";
import { openConnection } from "../lib/app/client.ts";
import type { RemoteVersion } from "../lib/client/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { pathOperand } from "./ls.ts";
import { printable, write, writeJson } from "./output.ts";
import { connectionOptions } from "./transfer.ts";

/** `dfs log` */
export const log: Command = {
  name: "log",
  summary: "Show the versions of a path, newest first",
  operands: "PATH",
  operandsMax: 1,
  options: { ...connectionOptions, dir: { value: "DIR", help: "The synchronized folder (the current one)" } },
  async run(invocation) {
    const [operand] = invocation.operands;
    if (operand === undefined) throw new Failure("usage", "dfs log needs a path", { hint: "Write dfs log PATH" });
    using connection = openConnection(invocation.text("dir") ?? ".", {
      remote: invocation.text("remote"),
      space: invocation.text("space"),
      caCertFile: invocation.text("ca-cert"),
      dryRun: true,
    });
    const path = pathOperand(operand);
    const versions = await connection.remote.history(path);
    if (versions.length === 0) {
      throw new Failure("not_found", `There never was a "${path}" in the space "${connection.workspace.space}"`);
    }
    if (invocation.flag("json")) writeJson(versions);
    else for (const version of versions) write(line(version));
    return exitCodes.done;
  },
};

function line(version: RemoteVersion): string {
  const { committed_at, client, kind, size, hash } = version;
  const what = kind === "file" ? `${formatBytes(size ?? 0)}  ${hash?.slice(0, 12)}` : kind;
  return `v${version.version}  revision ${version.revision}  ${committed_at}  ${printable(client)}  ${what}`;
}
