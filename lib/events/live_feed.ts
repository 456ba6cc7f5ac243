import { err, ok, type Result } from "../core/mod.ts";
import type { Component } from "./component.ts";
import type { EventBatch } from "./event_batch.ts";
import type { EventBus } from "./event_bus.ts";
import { allEventTypes, type EventPattern, matchesPattern } from "./event_pattern.ts";
import type { AnyEvent, EventType } from "./event_types.ts";
import type { FeedArchive } from "./feed_archive.ts";
import { FeedJournal } from "./feed_journal.ts";
import { parseFeedPosition } from "./feed_position.ts";
import { FeedReader } from "./feed_reader.ts";
import { systemTimers, type Timers } from "./timers.ts";

/** Events of which every request, every frame or every chunk makes one. */
const unfedTypes: readonly EventType[] = ["http.request_completed", "upload.chunks_received", "upload.chunk_received"];

/** The events the feed carries unless told: all but those of which every request, every frame or every chunk makes one. */
export const feedTypes: readonly EventType[] = allEventTypes.filter((type) => !unfedTypes.includes(type));

/** Options of {@linkcode LiveFeed}. */
export interface LiveFeedOptions {
  /** Which events the feed carries; {@linkcode feedTypes} unless told. */
  readonly types?: readonly EventType[];
  /** How many events can be resumed from; a reader that is further behind is dropped. 50,000 unless told. */
  readonly journalEventsMax?: number;
  /** How many readers there may be at once; 2,000 unless told. */
  readonly readersMax?: number;
  /** How long a reader waits without a sign of life, in milliseconds; 15 seconds unless told. */
  readonly heartbeatMs?: number;
  /** How long a reader should wait before it connects again, in milliseconds; 2 seconds unless told. */
  readonly retryMs?: number;
  /** Where the heartbeat comes from. */
  readonly timers?: Timers;
  /** Where the events of an earlier feed are found, and those of this one are left; nowhere unless told. */
  readonly archive?: FeedArchive | undefined;
}

/** How many events a feed leaves for the next one. */
export const feedArchivedEventsMax = 10_000;
/** The events of how many origins a feed leaves; each makes the id of every message longer. */
export const feedArchivedOriginsMax = 32;

/** What one reader wants. */
export interface FeedRequest {
  /** The `Last-Event-ID` of a reader that comes back. */
  readonly lastEventId?: string;
  /** Which types it wants; all unless told. */
  readonly patterns?: readonly EventPattern[];
  /** Which space it wants; all unless told. */
  readonly space?: string;
  /** Says whether it has the right to see an event; all unless told. */
  readonly allows?: (event: AnyEvent) => boolean;
  /** Whether it is given what comes next when it has been given what is held; `true` unless told. */
  readonly follow?: boolean;
  /** Ends the reading when it aborts. */
  readonly signal?: AbortSignal;
}

/** Why a reader was not let in: its `Last-Event-ID` is none of this feed; there are too many readers; the feed has stopped. */
export type FeedError =
  | { readonly kind: "bad_last_event_id"; readonly message: string }
  | { readonly kind: "too_many_readers"; readonly message: string }
  | { readonly kind: "stopped"; readonly message: string };

/**
 * The events as they happen, as server-sent event messages for any number of readers. It knows nothing of HTTP.
 *
 * A reader begins with a message that carries its position, and resumes by giving back the last id it saw: it is given
 * what came since, without gap or repeat, from any worker that shares events with this one. What the journal no longer
 * holds is announced by a `feed.gap` message. A reader that falls behind the journal is given `feed.dropped` and ends;
 * one that was waiting while more came at once than the journal holds is told of the gap and goes on. When the server
 * stops (`server.stopping`) all readers are given what is held, and end: no answer that never ends holds up a server that
 * finishes what it has. With an archive a feed goes on from what the one before it left, so that readers resume over a
 * restart.
 *
 * @example
 * ```ts
 * import { EventBus } from "./event_bus.ts";
 * import { LiveFeed } from "./live_feed.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bus = new EventBus({ origin: "main" });
 * const feed = new LiveFeed();
 * feed.start(bus);
 * const opened = feed.open({ patterns: ["sync.*"] });
 * bus.emit("sync.failed", { space: "default", error: "The disk is full" });
 * feed.stop();
 * if (opened.ok) {
 *   const messages = await Array.fromAsync(opened.value);
 *   assertEquals(messages.map(({ event, id }) => [event, id]), [[undefined, undefined], ["sync.failed", "main:1"]]);
 * }
 * ```
 */
export class LiveFeed implements Component {
  readonly name = "live feed";
  readonly #types: readonly EventType[];
  readonly #journal: FeedJournal;
  readonly #readersMax: number;
  readonly #heartbeatMs: number;
  readonly #retryMs: number;
  readonly #timers: Timers;
  readonly #archive: FeedArchive | undefined;
  readonly #readers = new Set<FeedReader>();
  readonly #waiting = new Set<FeedReader>();
  #subscriptions: readonly Disposable[] = [];
  #heartbeat: Disposable | undefined;
  #waking = false;
  #running = false;

  /** Holds no event until the component starts; from then on the journal fills, whether or not anybody reads. */
  constructor(options: LiveFeedOptions = {}) {
    this.#types = options.types ?? feedTypes;
    this.#journal = new FeedJournal(options.journalEventsMax ?? 50_000);
    this.#readersMax = options.readersMax ?? 2000;
    this.#heartbeatMs = options.heartbeatMs ?? 15_000;
    this.#retryMs = options.retryMs ?? 2000;
    this.#timers = options.timers ?? systemTimers;
    this.#archive = options.archive;
  }

  /** How many readers there are. */
  get readers(): number {
    return this.#readers.size;
  }

  start(bus: EventBus): void {
    const history = this.#archive?.load();
    if (history !== undefined) this.#journal.restore(history);
    this.#running = true;
    const append = (event: AnyEvent) => {
      this.#journal.append(event);
      this.#wake();
    };
    const batch = (events: EventBatch) => {
      this.#journal.appendBatch(events);
      this.#wake();
    };
    this.#subscriptions = [
      ...this.#types.map((type) => bus.on(type, append, { name: this.name, batch })),
      bus.on("server.stopping", () => this.#close(), { name: this.name, priority: -1 }),
    ];
  }

  /**
   * Ends all readers once they were given what is in the journal, and those who wait for more at once; leaves what the
   * archive takes. Idempotent.
   */
  stop(): void {
    this.#close();
    if (this.#subscriptions.length === 0) return;
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#subscriptions = [];
    this.#archive?.save(this.#journal.history(feedArchivedEventsMax, feedArchivedOriginsMax));
  }

  /**
   * Lets a reader in.
   *
   * @returns Its messages, as they come; or why it was not let in. Whoever stops reading before the end calls `return()`,
   * as `for await` does.
   */
  open(request: FeedRequest = {}): Result<FeedReader, FeedError> {
    if (!this.#running) return err({ kind: "stopped", message: "The live feed has stopped" });
    if (this.#readers.size >= this.#readersMax) {
      return err({ kind: "too_many_readers", message: `There are ${this.#readersMax} readers already` });
    }
    const { lastEventId, signal } = request;
    const resume = lastEventId === undefined ? ok(undefined) : parseFeedPosition(lastEventId);
    if (!resume.ok) return err({ kind: "bad_last_event_id", message: resume.error });

    const end = () => void reader.return();
    const reader: FeedReader = new FeedReader({
      journal: this.#journal,
      resume: resume.value,
      accepts: (event) => wants(request, event),
      retryMs: this.#retryMs,
      onState: (state) => {
        if (state === "waiting") this.#waiting.add(reader);
        else this.#waiting.delete(reader);
        if (state !== "ended") return;
        signal?.removeEventListener("abort", end);
        this.#leave(reader);
      },
    });
    this.#readers.add(reader);
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end);
    if (request.follow === false) reader.finish();
    if (this.#readers.size > 0) this.#heartbeat ??= this.#timers.after(this.#heartbeatMs, () => this.#beat());
    return ok(reader);
  }

  /** Ends all readers. What still happens while the server finishes is put by for those who come back after a restart. */
  #close(): void {
    this.#running = false;
    for (const reader of this.#readers) reader.finish();
    this.#heartbeat?.[Symbol.dispose]();
    this.#heartbeat = undefined;
  }

  #wake(): void {
    if (this.#waking || this.#waiting.size === 0) return;
    this.#waking = true;
    // Readers are served after whoever emitted has gone on, once for all events of the turn.
    queueMicrotask(() => {
      this.#waking = false;
      for (const reader of [...this.#waiting]) reader.wake();
    });
  }

  #beat(): void {
    for (const reader of [...this.#readers]) if (reader.overrun) reader.drop();
    for (const reader of [...this.#waiting]) reader.heartbeat();
    this.#heartbeat = this.#readers.size === 0 ? undefined : this.#timers.after(this.#heartbeatMs, () => this.#beat());
  }

  #leave(reader: FeedReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#heartbeat?.[Symbol.dispose]();
    this.#heartbeat = undefined;
  }
}

function wants({ patterns, space, allows }: FeedRequest, event: AnyEvent): boolean {
  if (patterns !== undefined && !patterns.some((pattern) => matchesPattern(pattern, event.type))) return false;
  if (space !== undefined && event.detail.space !== space) return false;
  return allows === undefined || allows(event);
}
