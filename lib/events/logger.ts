import type { Clock } from "../core/mod.ts";
import type { Level } from "./event_schema.ts";
import type { LogFormat } from "./log_format.ts";
import type { LogSink } from "./log_sink.ts";
import { redact, redactValue } from "./redact.ts";

const levels: readonly Level[] = ["debug", "info", "warn", "error"];

/** One place a log is written to, and how. */
export interface LogOutput {
  /** How a line looks. */
  readonly format: LogFormat;
  /** Where it goes. */
  readonly sink: LogSink;
}

/** Options of {@linkcode Logger}. */
export interface LoggerOptions {
  /** The least level that is written; `info` unless told. */
  readonly level?: Level;
  /** Where to write. */
  readonly outputs: readonly LogOutput[];
  /** Where the time of lines comes from. */
  readonly clock: Clock;
}

/** What belongs to a line of the log. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes lines to all outputs. Every text and every field loses its secrets first, see {@linkcode redact}.
 *
 * @example
 * ```ts
 * import { Logger } from "./logger.ts";
 * import { formatLogText } from "./log_format.ts";
 * import { systemClock } from "../core/mod.ts";
 *
 * const lines: string[] = [];
 * const sink = {
 *   write: (line: string) => void lines.push(line),
 *   flush: () => Promise.resolve(),
 *   [Symbol.asyncDispose]: () => Promise.resolve(),
 * };
 * const logger = new Logger({ outputs: [{ format: formatLogText, sink }], clock: systemClock });
 * logger.info("Listening", { port: 8080 });
 * ```
 */
export class Logger implements AsyncDisposable {
  readonly #least: number;
  readonly #outputs: readonly LogOutput[];
  readonly #clock: Clock;

  /** Writes records of the level given and above, `info` unless told, to every output. */
  constructor(options: LoggerOptions) {
    this.#least = levels.indexOf(options.level ?? "info");
    this.#outputs = options.outputs;
    this.#clock = options.clock;
  }

  /** Says whether lines of a level are written at all. */
  writes(level: Level): boolean {
    return levels.indexOf(level) >= this.#least;
  }

  /** Writes a line of any level. @param time When it happened, in milliseconds since 1970; now unless told. */
  log(level: Level, message: string, fields: LogFields = {}, time: number = this.#clock.now()): void {
    if (!this.writes(level)) return;
    const record = { time, level, message: redact(message), fields: redactFields(fields) };
    for (const { format, sink } of this.#outputs) sink.write(format(record));
  }

  /** Writes what helps to find a fault. */
  debug(message: string, fields?: LogFields): void {
    this.log("debug", message, fields);
  }

  /** Writes what whoever runs the program wants to know. */
  info(message: string, fields?: LogFields): void {
    this.log("info", message, fields);
  }

  /** Writes what may need somebody's attention. */
  warn(message: string, fields?: LogFields): void {
    this.log("warn", message, fields);
  }

  /** Writes what went wrong. */
  error(message: string, fields?: LogFields): void {
    this.log("error", message, fields);
  }

  /** Waits until every line so far was written. */
  async flush(): Promise<void> {
    await Promise.all(this.#outputs.map(({ sink }) => sink.flush()));
  }

  /** Writes what is left and closes all outputs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#outputs.map(({ sink }) => sink[Symbol.asyncDispose]()));
  }
}

function redactFields(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactValue(value, name)]));
}
