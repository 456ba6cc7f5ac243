import type { Level } from "./event_schema.ts";

/** One line of the log before it is written. */
export interface LogRecord {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  /** How important it is. */
  readonly level: Level;
  /** What happened: one sentence, or the type of an event. */
  readonly message: string;
  /** What belongs to it; secrets are out already. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Turns a record into one line, without the line's end. */
export type LogFormat = (record: LogRecord) => string;

const plainValue = /^[\p{L}\p{N}_./:@+~*-]+$/u;
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A line for people: time, level, message, `name=value` pairs. Whatever could break the line or play tricks with a
 * terminal is written as an escape.
 *
 * @example
 * ```ts
 * import { formatLogText } from "./log_format.ts";
 * import { assertEquals } from "@std/assert";
 * const line = formatLogText({ time: 0, level: "info", message: "sync.completed", fields: { space: "a b", revision: 7 } });
 * assertEquals(line, '1970-01-01T00:00:00.000Z INFO  sync.completed space="a b" revision=7');
 * ```
 */
export function formatLogText({ time, level, message, fields }: LogRecord): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined).map(pair).join("");
  return `${new Date(time).toISOString()} ${level.toUpperCase().padEnd(5)} ${escapeInvisible(message)}${pairs}`;
}

/** A line for machines: one JSON object with `time`, `level`, `message` and the fields; those three names are kept. */
export function formatLogJson({ time, level, message, fields }: LogRecord): string {
  return JSON.stringify({ ...fields, time: new Date(time).toISOString(), level, message });
}

function pair([name, value]: [string, unknown]): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const shown = typeof value !== "string" || plainValue.test(text) ? text : JSON.stringify(text);
  return ` ${escapeInvisible(name)}=${escapeInvisible(shown)}`;
}

function escapeInvisible(text: string): string {
  return text.replace(invisible, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}
