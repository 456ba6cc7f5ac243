import type { EventJson } from "../../lib/events/mod.ts";
import { LineProgram } from "./line_program.ts";

/** `dfs events --follow --json` in a process of its own, with the events it printed so far. */
export class Follower extends LineProgram<EventJson> {
  constructor(url: string, args: readonly string[]) {
    super(["events", "--follow", "--json", "--remote", url, ...args]);
  }

  /** The events that were looked at. */
  get events(): readonly EventJson[] {
    return this.printed;
  }
}
