import { Failure } from "../lib/core/mod.ts";
import { readEvents } from "../lib/app/event_feed.ts";
import type { FollowedItem } from "../lib/client/mod.ts";
import { type AnyEvent, eventToJson, eventTypes, formatLogText, parseEventPattern } from "../lib/events/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { printable, write, writeError } from "./output.ts";
import { serverOf, serverOptions } from "./server_options.ts";
import { SignalWatch } from "./signals.ts";

/** `dfs events` */
export const events: Command = {
  name: "events",
  summary: "Show what happens on a server: what it still remembers, or with --follow what comes next",
  operands: "",
  operandsMax: 0,
  options: {
    ...serverOptions,
    follow: { help: "Show events as they happen, over breaks of the connection, until interrupted" },
    type: {
      value: "PATTERN",
      repeatable: true,
      help: "Only events of this type, such as file.added or file.*; repeatable",
    },
    space: { value: "NAME", help: "Only events of this space" },
    since: { value: "ORIGIN:ID", help: "Begin behind this event; of a pool, behind one of each origin, by commas" },
    json: { help: "Print each event as a line of JSON" },
  },
  async run(invocation) {
    const follow = invocation.flag("follow");
    const json = invocation.flag("json");
    const ended = new AbortController();
    using signals = new SignalWatch();
    void signals.received.then(() => ended.abort());
    const items = readEvents(serverOf(invocation), {
      types: invocation.texts("type").map(eventType),
      // A filter: whoever says nothing wants the events of every space, whichever the folder belongs to.
      space: invocation.text("space"),
      since: invocation.text("since") ?? (follow ? undefined : ""),
      follow,
      signal: ended.signal,
    });
    for await (const item of items) if (!show(item, json)) break;
    return exitCodes.done;
  },
};

function eventType(text: string): string {
  if (parseEventPattern(text) !== undefined) return text;
  throw new Failure("usage", `No event has the type "${text}"`, {
    hint: "Write a type, a group such as file.*, or * for all",
    details: Object.keys(eventTypes),
  });
}

/** Shows one thing the feed said; says whether anybody still reads. */
function show(item: FollowedItem, json: boolean): boolean {
  switch (item.kind) {
    case "event":
      return write(json ? JSON.stringify(eventToJson(item.event)) : line(item.event));
    case "gap":
      writeError("dfs: Some events are missing here: the server no longer holds them");
      return true;
    case "broken":
      writeError(`dfs: The connection broke, it is being made again: ${printable(item.reason)}`);
      return true;
  }
}

function line({ type, time, detail }: AnyEvent): string {
  return printable(formatLogText({ time, level: eventTypes[type].level, message: type, fields: { ...detail } }));
}
