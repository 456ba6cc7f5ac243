/** One block of an event stream; only the fields that were there. */
export interface ReceivedEvent {
  /** Name of the event; `message` goes without. */
  readonly event?: string;
  /** Lines of data, joined by line feeds; a block of comments alone has none. */
  readonly data?: string;
  /** What to give back as `Last-Event-ID` after a break; empty takes back what an earlier block said. */
  readonly id?: string;
  /** How long to wait before connecting again, in milliseconds. */
  readonly retry?: number;
}

/** The longest block that is read, in UTF-16 units. */
export const eventBlockUnitsMax: number = 1024 * 1024;

/** An event stream that is none, or has a block that is too long. */
export class EventStreamError extends Error {
  /** What logs and stack traces call it. */
  override readonly name = "EventStreamError";
}

/**
 * Reads server-sent events (WHATWG HTML section 9.2.6). Other than a browser it gives every block, those without data
 * too: what they say of ids and waiting times counts, and that they came at all says that the server lives. A last block
 * that is not ended by an empty line is dropped, as the standard wants it.
 *
 * @param pieces The content of the reply, cut anywhere.
 * @throws {EventStreamError} if a block is longer than {@linkcode eventBlockUnitsMax}.
 *
 * @example
 * ```ts
 * import { readEventStream } from "./read_event_stream.ts";
 * import { assertEquals } from "@std/assert";
 * const blocks = readEventStream(new Blob(["id: 7\ndata: a\ndata: b\n\n: still here\n\n"]).stream());
 * assertEquals(await Array.fromAsync(blocks), [{ id: "7", data: "a\nb" }, {}]);
 * ```
 */
export async function* readEventStream(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedEvent, void> {
  const decoder = new TextDecoder();
  let lines: string[] = [];
  let units = 0;
  let rest = "";
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    // A carriage return at the end may be the first half of a line's end.
    const whole = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const parts = whole.split(/\r\n|\n|\r/);
    rest = parts.pop()! + rest.slice(whole.length);
    for (const line of parts) {
      units += line.length;
      if (line !== "") lines.push(line);
      else if (lines.length > 0) {
        yield parseBlock(lines);
        lines = [];
        units = 0;
      }
    }
    if (units + rest.length > eventBlockUnitsMax) {
      throw new EventStreamError(`A block of an event stream has more than ${eventBlockUnitsMax} characters`);
    }
  }
  if (rest === "\r" && lines.length > 0) yield parseBlock(lines);
}

/** `field = 1*name-char [ colon [ space ] *any-char ] end-of-line`; a line that begins with a colon is a comment. */
function parseBlock(lines: readonly string[]): ReceivedEvent {
  const block: { -readonly [Name in keyof ReceivedEvent]: ReceivedEvent[Name] } = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") block.data = block.data === undefined ? value : `${block.data}\n${value}`;
    else if (name === "event") block.event = value;
    else if (name === "id" && !value.includes("\0")) block.id = value;
    else if (name === "retry" && /^\d{1,9}$/.test(value)) block.retry = Number(value);
  }
  return block;
}
