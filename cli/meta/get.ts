import { printMetadata } from "../../lib/metadata/ddl/mod.ts";
import { fileJson } from "../../lib/metadata/json/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { writeJson, writeText } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata, onlyPath } from "./connect.ts";

/** `dfs meta get` */
export const metaGet: Command = {
  name: "meta get",
  summary: "Show what a server knows of a path, as DDL",
  operands: "PATH",
  operandsMax: 1,
  options: serverOptions,
  async run(invocation) {
    const path = onlyPath(invocation, "meta get");
    using opened = connectMetadata(invocation);
    const file = await opened.metadata.get(path);
    if (invocation.flag("json")) writeJson(fileJson(file));
    else writeText(printMetadata([file]));
    return exitCodes.done;
  },
};
