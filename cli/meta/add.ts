import { fileJson } from "../../lib/metadata/json/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { write, writeJson } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata, onlyFile } from "./connect.ts";
import { fileLine } from "./file_line.ts";
import { readInput } from "./read_input.ts";
import { soundFiles } from "./show_mistakes.ts";

/** `dfs meta add` */
export const metaAdd: Command = {
  name: "meta add",
  summary: "Announce the metadata in a file (DDL, JSON or binary), all of it or nothing; - reads standard input",
  operands: "FILE",
  operandsMax: 1,
  options: serverOptions,
  async run(invocation) {
    const operand = onlyFile(invocation, "meta add");
    const entries = soundFiles(operand, await readInput(operand));
    using opened = connectMetadata(invocation);
    const { files, changed } = await opened.metadata.add(entries);
    if (invocation.flag("json")) writeJson({ changed, files: files.map(fileJson) });
    else for (const file of files) write(fileLine(file));
    return exitCodes.done;
  },
};
