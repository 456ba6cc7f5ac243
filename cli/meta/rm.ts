import { type Command, exitCodes } from "../command.ts";
import { printable, write, writeJson } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata, onlyPath } from "./connect.ts";

/** `dfs meta rm` */
export const metaRm: Command = {
  name: "meta rm",
  summary: "Take back what was announced of a path, or delete what is stored there; its history stays",
  operands: "PATH",
  operandsMax: 1,
  options: { version: { value: "N", help: "Only if the path is at this version" }, ...serverOptions },
  async run(invocation) {
    const path = onlyPath(invocation, "meta rm");
    const version = invocation.integer("version", { min: 0, max: 1e15 });
    using opened = connectMetadata(invocation);
    await opened.metadata.delete(path, version);
    if (invocation.flag("json")) writeJson({ deleted: path });
    else write(`deleted  ${printable(path)}`);
    return exitCodes.done;
  },
};
