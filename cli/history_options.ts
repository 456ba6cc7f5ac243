import { type OpenedHistory, openHistory } from "../lib/app/history.ts";
import type { Invocation, OptionSpec } from "./command.ts";
import { serverOf } from "./server_options.ts";

/** How a moment is named. */
export const atOption: OptionSpec = {
  value: "TIME",
  help: "2026-01-31, 2026-01-31T12:00 (local time; Z or +01:00 for another zone), 2h or 3d ago, or a revision number",
};

/** How a path that ends like a version is named. */
export const literalOption: OptionSpec = {
  help: "Take @ and digits at the end of a path for a part of its name, not for a version",
};

/** Prepares to ask the server of an invocation for the past. */
export function connectHistory(invocation: Invocation): OpenedHistory {
  return openHistory(serverOf(invocation));
}
