import { type Command, exitCodes } from "../command.ts";
import { printable, write, writeJson } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata, onlyPath } from "./connect.ts";

/** `dfs meta history` */
export const metaHistory: Command = {
  name: "meta history",
  summary: "Show all versions of a path, newest first: those that were committed and those that were announced",
  operands: "PATH",
  operandsMax: 1,
  options: serverOptions,
  async run(invocation) {
    const path = onlyPath(invocation, "meta history");
    using opened = connectMetadata(invocation);
    const versions = await opened.metadata.history(path);
    if (invocation.flag("json")) writeJson(versions);
    else for (const version of versions) write(line(version));
    return exitCodes.done;
  },
};

function line(version: Readonly<Record<string, unknown>>): string {
  const [number, state, at, size, hash, owner] = ["version", "state", "at", "size", "hash", "owner"]
    .map((name) => version[name] ?? "-");
  return printable(
    `v${number}  ${String(state).padEnd(8)}  ${at}  ${size} bytes  ${String(hash).slice(0, 19)}  ${owner}`,
  );
}
