import { format as formatBytes } from "@std/fmt/bytes";
import { Failure, parseSafePath, rootPath, type SafePath } from "../lib/core/mod.ts";
import type { EntryRecord } from "../lib/metadata/binary/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { printable, write, writeJson } from "./output.ts";
import { lookInto, serverOptions } from "./server_options.ts";

/** `dfs ls` */
export const ls: Command = {
  name: "ls",
  summary: "List what lies in the space, in a folder of it or all of it",
  operands: "[PATH]",
  operandsMax: 1,
  options: serverOptions,
  async run(invocation) {
    using connection = lookInto(invocation);
    const path = pathOperand(invocation.operands[0]);
    const records = await connection.remote.list(path);
    const entries = records.filter((record) => record.type === "entry");
    if (invocation.flag("json")) writeJson(entries);
    else for (const entry of entries) write(line(entry));
    return exitCodes.done;
  },
};

/** The path an operand names; the root if there is none. */
export function pathOperand(text: string | undefined): SafePath {
  if (text === undefined || text === "" || text === "/") return rootPath;
  const path = parseSafePath(text.replace(/\/+$/, ""));
  if (path.ok) return path.value;
  throw new Failure("usage", path.error);
}

function line({ path, entry, version }: EntryRecord): string {
  const name = printable(path.slice(path.lastIndexOf("/") + 1));
  const mode = entry.kind === "symlink" ? "    " : entry.mode.toString(8).padStart(4, "0");
  switch (entry.kind) {
    case "file": {
      const time = new Date(entry.mtimeMs).toISOString().slice(0, 19).replace("T", " ");
      return `${mode} ${formatBytes(entry.size).padStart(9)}  ${time}  v${version}  ${name}`;
    }
    case "directory":
      return `${mode} ${"folder".padStart(9)}  ${" ".repeat(19)}  v${version}  ${name}/`;
    case "symlink":
      return `${mode} ${"link".padStart(9)}  ${" ".repeat(19)}  v${version}  ${name} -> ${printable(entry.target)}`;
  }
}
