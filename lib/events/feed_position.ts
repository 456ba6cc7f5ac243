import { err, ok, type Result } from "../core/mod.ts";

/** The longest position that is read, in UTF-16 units. */
export const feedPositionUnitsMax = 8192;

/**
 * How far a reader of the live feed has come: for each origin the id of the last event it was given.
 *
 * One number would do for one worker; but a reader who comes back may reach another worker, which has the same events in
 * the same order for each origin, mixed differently.
 */
export type FeedPosition = ReadonlyMap<string, number>;

/** Writes a position as the id of a server-sent event: `main:17,worker-2:4`. */
export function formatFeedPosition(position: FeedPosition): string {
  let text = "";
  for (const [origin, id] of position) text += text === "" ? `${origin}:${id}` : `,${origin}:${id}`;
  return text;
}

/**
 * Reads a position from `Last-Event-ID`.
 *
 * @returns The position; or one sentence that says what is wrong.
 *
 * @example
 * ```ts
 * import { formatFeedPosition, parseFeedPosition } from "./feed_position.ts";
 * import { assertEquals } from "@std/assert";
 * const parsed = parseFeedPosition("main:17,worker-2:4");
 * assertEquals(parsed.ok && formatFeedPosition(parsed.value), "main:17,worker-2:4");
 * ```
 */
export function parseFeedPosition(text: string): Result<FeedPosition, string> {
  const position = new Map<string, number>();
  if (text === "") return ok(position);
  if (text.length > feedPositionUnitsMax) return err(`A Last-Event-ID has at most ${feedPositionUnitsMax} characters`);
  for (const part of text.split(",")) {
    const match = /^([A-Za-z0-9._-]{1,64}):(0|[1-9][0-9]{0,15})$/.exec(part);
    const id = Number(match?.[2]);
    if (!match?.[1] || !Number.isSafeInteger(id)) return err(`Not the Last-Event-ID of this feed: "${part}"`);
    position.set(match[1], id);
  }
  return ok(position);
}
