import { fileJson } from "../../lib/metadata/json/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { write } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata } from "./connect.ts";
import { fileLine } from "./file_line.ts";
import { filterOf, filterOptions } from "./filter.ts";

/** `dfs meta list` */
export const metaList: Command = {
  name: "meta list",
  summary: "List what a server knows of the paths that begin with a prefix",
  operands: "[PREFIX]",
  operandsMax: 1,
  options: { ...filterOptions, ...serverOptions, json: { help: "Print each path as a line of JSON" } },
  async run(invocation) {
    const json = invocation.flag("json");
    const filter = filterOf(invocation);
    using opened = connectMetadata(invocation);
    for await (const files of opened.metadata.list(filter)) {
      for (const file of files) {
        if (!write(json ? JSON.stringify(fileJson(file)) : fileLine(file))) return exitCodes.done;
      }
    }
    return exitCodes.done;
  },
};
