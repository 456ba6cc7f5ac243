import { EventLogger } from "../events/mod.ts";
import { type EventSystem, startEventSystem } from "./event_system.ts";
import { openLog } from "./open_log.ts";

/** A bus whose every event is written to standard error: for a client that is to say what it does. */
export async function openVerboseLog(): Promise<EventSystem> {
  const log = await openLog({ level: "debug" });
  return await startEventSystem({ name: "client", components: [new EventLogger(log)] });
}
