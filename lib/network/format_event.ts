import type { ServerSentEventMessage } from "@std/http";

/**
 * Writes one message of an event stream (WHATWG HTML section 9.2.5). Text of several lines becomes several lines of data.
 *
 * @throws {TypeError} if the name or the id of the event has more than one line.
 *
 * @example
 * ```ts
 * import { formatEvent } from "./format_event.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatEvent({ event: "e", id: 7, data: "a\nb" }), "event:e\ndata:a\ndata:b\nid:7\n\n");
 * ```
 */
export function formatEvent({ comment, event, data, id, retry }: ServerSentEventMessage): string {
  let text = "";
  if (comment !== undefined) text += lines("", comment);
  if (event !== undefined) text += `event:${oneLine(event)}\n`;
  if (data !== undefined) text += lines("data", data);
  if (id !== undefined) text += `id:${oneLine(String(id))}\n`;
  if (retry !== undefined) text += `retry:${retry}\n`;
  return `${text}\n`;
}

const lineEnd = /[\r\n]/;

function lines(name: string, text: string): string {
  if (!lineEnd.test(text)) return `${name}:${text}\n`;
  return text.split(/\r\n|\r|\n/).map((line) => `${name}:${line}\n`).join("");
}

function oneLine(text: string): string {
  if (lineEnd.test(text)) throw new TypeError(`A field of an event has one line, not ${JSON.stringify(text)}`);
  return text;
}
