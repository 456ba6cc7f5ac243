import { type Command, exitCodes } from "../command.ts";
import { write, writeJson } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata, onlyFile } from "./connect.ts";
import { readInput } from "./read_input.ts";
import { soundFiles } from "./show_mistakes.ts";

/** How many entries one request takes. */
const entriesPerRequest = 5000;

/** `dfs meta import` */
export const metaImport: Command = {
  name: "meta import",
  summary: "Announce the metadata of an export, in parts; what is known already stays as it is; - reads standard input",
  operands: "FILE",
  operandsMax: 1,
  options: serverOptions,
  async run(invocation) {
    const operand = onlyFile(invocation, "meta import");
    const all = soundFiles(operand, await readInput(operand));
    const entries = all.filter(({ syncState }) => syncState.status !== "deleted");
    using opened = connectMetadata(invocation);
    for (let from = 0; from < entries.length; from += entriesPerRequest) {
      await opened.metadata.add(entries.slice(from, from + entriesPerRequest));
    }
    const outcome = { imported: entries.length, deleted: all.length - entries.length };
    if (invocation.flag("json")) writeJson(outcome);
    else {write(
        `${outcome.imported} paths imported${outcome.deleted > 0 ? `, ${outcome.deleted} deleted ones left out` : ""}`,
      );}
    return exitCodes.done;
  },
};
