import { sha256 } from "../core/mod.ts";
import { isRecord } from "./event_check.ts";
import type { FeedHistory } from "./feed_history.ts";

/** Where a live feed finds the history that another left, and leaves its own. */
export interface FeedArchive {
  /** What was left; `undefined` if nothing was, or it cannot be used. */
  load(): FeedHistory | undefined;
  /** Leaves a history for the next to load. */
  save(history: FeedHistory): void;
}

/** Options of {@linkcode feedArchiveFile}. */
export interface FeedArchiveFileOptions {
  /** Version of the program: another one may write events differently, so what it left is not used. */
  readonly version: string;
  /** The file that a feed leaves. While the next one runs it lies under this path with `.before` behind it. */
  readonly path: string;
  /** Whether this is the feed that takes the file over, and leaves one: of several that run at once, the first. */
  readonly keeps: boolean;
}

const encoder = new TextEncoder();

/**
 * Keeps the history of a live feed in a file: a line that says what follows, then one event a line. Nothing depends on it:
 * a file that cannot be written or read leaves readers with a gap that they are told of.
 *
 * A run that ended without leaving anything voids what was left before it: who resumed from that would miss events and
 * not be told.
 */
export function feedArchiveFile({ version, path, keeps }: FeedArchiveFileOptions): FeedArchive {
  const taken = `${path}.before`;
  return {
    load() {
      if (keeps) takeOver(path, taken);
      try {
        return readHistory(Deno.readTextFileSync(taken), version);
      } catch {
        return undefined;
      }
    },
    save({ events, ...rest }) {
      if (!keeps) return;
      const lines = events.join("\n");
      const head = { version, check: sha256(encoder.encode(lines)), ...rest };
      const staged = `${path}.new`;
      try {
        Deno.writeTextFileSync(staged, `${JSON.stringify(head)}\n${lines}`, { mode: 0o600 });
        Deno.renameSync(staged, path);
      } catch {
        // The next feed begins without a history, and says so to who asks for it.
      }
    },
  };
}

function takeOver(path: string, taken: string): void {
  try {
    Deno.renameSync(path, taken);
  } catch {
    try {
      Deno.removeSync(taken);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }
}

function readHistory(text: string, version: string): FeedHistory | undefined {
  const end = text.indexOf("\n");
  const lines = text.slice(end + 1);
  const head: unknown = JSON.parse(text.slice(0, Math.max(0, end)));
  if (!isRecord(head) || head["version"] !== version || head["check"] !== sha256(encoder.encode(lines))) {
    return undefined;
  }
  const { newest, forgotten, dropped, runs } = head;
  const events = lines === "" ? [] : lines.split("\n");
  if (!isList(newest, isPosition) || !isList(forgotten, isPosition) || !isList(runs, isRun)) return undefined;
  if (!isList(dropped, (item) => typeof item === "string")) return undefined;
  if (runs.reduce((sum, [, , count]) => sum + count, 0) !== events.length) return undefined;
  return { newest, forgotten, dropped, runs, events };
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isPosition(item: unknown): item is readonly [string, number] {
  return Array.isArray(item) && item.length === 2 && typeof item[0] === "string" && Number.isSafeInteger(item[1]);
}

function isRun(item: unknown): item is readonly [string, number, number] {
  return Array.isArray(item) && item.length === 3 && isPosition(item.slice(0, 2)) && Number.isSafeInteger(item[2]) &&
    item[2] > 0;
}
