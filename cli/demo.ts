import { type Command, exitCodes } from "./command.ts";
/** `dfs demo` */
export const demo: Command = { name: "demo", summary: "Show it all on a real tree", operands: "[DIR]", operandsMax: 1, options: {}, run: () => Promise.resolve(exitCodes.done) };
