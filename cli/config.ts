import { settings } from "../lib/client/settings/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { printable, write, writeJson } from "./output.ts";
import { settingOptions, traceSettings } from "./settings.ts";

/** `dfs config` */
export const config: Command = {
  name: "config",
  summary: "Show every setting of a folder with its value and where it comes from; asks no server",
  operands: "[DIR]",
  operandsMax: 1,
  options: { ...settingOptions, json: { help: "Print the settings as JSON" } },
  run(invocation) {
    const { trace } = traceSettings(invocation, invocation.operands[0] ?? ".");
    if (invocation.flag("json")) {
      writeJson(trace.map(({ key, value, origins }) => ({ key, value: value ?? null, origins })));
      return Promise.resolve(exitCodes.done);
    }
    const widths = [Math.max(...trace.map(({ key }) => key.length)), Math.max(...trace.map(({ text }) => text.length))];
    const width = Math.min(widths[1]!, valueWidthMax);
    for (const { key, text, origins } of trace) {
      const from = origins.map((origin) => origin.from === "default" ? "default" : printable(origin.name)).join(", ");
      const note = key === settings.conflicts.key ? spaceNote : "";
      write(`${key.padEnd(widths[0]!)}  ${printable(text === "" ? "-" : text).padEnd(width)}  ${from}${note}`);
    }
    return Promise.resolve(exitCodes.done);
  },
};

/** No server is asked here. */
const spaceNote = "; behind these patterns come those of the space (dfs conflicts policy)";

/** Longer values do not push the column behind them further to the right. */
const valueWidthMax = 40;
