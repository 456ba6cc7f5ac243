import { version } from "../lib/version.ts";
import { type Command, exitCodes } from "./command.ts";
import { write } from "./output.ts";

/** `dfs version` */
export const versionCommand: Command = {
  name: "version",
  summary: "Print the version of dfs and of what it runs on",
  operands: "",
  operandsMax: 0,
  options: {},
  run() {
    write(`dfs ${version} (deno ${Deno.version.deno}, ${Deno.build.target})`);
    return Promise.resolve(exitCodes.done);
  },
};
