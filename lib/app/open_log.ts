import { platformFailure, systemClock } from "../core/mod.ts";
import {
  BufferedSink,
  type ByteTarget,
  formatLogJson,
  formatLogText,
  type Level,
  type LogFormat,
  Logger,
  type LogRecord,
  RotatingFile,
} from "../events/mod.ts";

/** The formats of a log, by name: lines for people, or one JSON object a line. */
export const logFormats = { text: formatLogText, json: formatLogJson } as const satisfies Record<string, LogFormat>;

/** How to log. */
export interface LogOptions {
  /** The least level that is written; `warn` to standard error, `info` to a file, unless told. */
  readonly level?: Level | undefined;
  /** How a line looks; `text` unless told. */
  readonly format?: keyof typeof logFormats | undefined;
  /** The file to write to, which is rotated; standard error unless told. */
  readonly file?: string | undefined;
}

/**
 * Opens the log of a program.
 *
 * @throws {Failure} if the file cannot be opened.
 */
export async function openLog(options: LogOptions): Promise<Logger> {
  const { file, level = file === undefined ? "warn" : "info" } = options;
  const format = logFormats[options.format ?? "text"];
  const target = file === undefined ? standardError : await openFile(file);
  const sink = new BufferedSink(target, { describeLoss: (lines) => format(lossRecord(lines)) });
  return new Logger({ level, outputs: [{ format, sink }], clock: systemClock });
}

const standardError: ByteTarget = {
  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += await Deno.stderr.write(bytes.subarray(done));
  },
  close: () => {},
};

async function openFile(path: string): Promise<RotatingFile> {
  try {
    return await RotatingFile.open(path);
  } catch (cause) {
    throw platformFailure(`open the log "${path}"`, cause);
  }
}

function lossRecord(lines: number): LogRecord {
  return { time: systemClock.now(), level: "warn", message: "Lines of the log were lost", fields: { lines } };
}
