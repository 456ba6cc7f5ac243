import type { ServerSentEventMessage } from "@std/http";
import type { AnyEvent } from "./event_types.ts";
import type { FeedEntry, FeedJournal } from "./feed_journal.ts";
import { type FeedPosition, formatFeedPosition } from "./feed_position.ts";

/** Name of the message that tells a reader it missed events it can no longer be given. */
export const feedGapEvent = "feed.gap";

/** Name of the last message of a reader that was too slow. */
export const feedDroppedEvent = "feed.dropped";

/** What a reader needs to begin. */
export interface FeedReaderOptions {
  /** What it reads. */
  readonly journal: FeedJournal;
  /** Where to resume; `undefined` to begin with what comes next. */
  readonly resume: FeedPosition | undefined;
  /** Which events it is given. */
  readonly accepts: (event: AnyEvent) => boolean;
  /** How long the other side should wait before it connects again, in milliseconds. */
  readonly retryMs: number;
  /** Called when it begins to wait, has to wait no more, and has ended. */
  readonly onState: (state: "waiting" | "reading" | "ended") => void;
}

type Next = IteratorResult<ServerSentEventMessage, undefined>;

const done: Next = { done: true, value: undefined };

/** One reader of the live feed. It holds an index into the journal and its position, nothing else. */
export class FeedReader implements AsyncIterableIterator<ServerSentEventMessage, undefined> {
  readonly #options: FeedReaderOptions;
  readonly #position: Map<string, number>;
  readonly #opening: ServerSentEventMessage[];
  #index: number;
  #waiting: ((next: Next) => void) | undefined;
  #state: "open" | "finishing" | "dropped" | "ended" = "open";

  /** Begins after the position to resume at; without one, with the next event that comes. */
  constructor(options: FeedReaderOptions) {
    const { journal, resume, retryMs } = options;
    this.#options = options;
    this.#index = resume === undefined ? journal.end : journal.first;
    this.#position = new Map(resume ?? journal.position);
    this.#opening = [{ comment: "dfs events", retry: retryMs, ...this.#idField() }];
    if (resume !== undefined && journal.missedSince(resume)) {
      this.#opening.push(gapMessage(resume));
    }
  }

  /** Says whether the journal has forgotten events that this reader was not given. */
  get overrun(): boolean {
    return this.#index < this.#options.journal.first;
  }

  /** The next message, when there is one. One call at a time. */
  next(): Promise<IteratorResult<ServerSentEventMessage, undefined>> {
    if (this.#waiting !== undefined) return Promise.reject(new RangeError("A feed reader is asked once at a time"));
    const message = this.#take();
    if (message !== undefined) return Promise.resolve({ done: false, value: message });
    if (this.#state !== "open") return this.return();
    this.#options.onState("waiting");
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Ends it; whoever waits for a message is told so. */
  return(): Promise<IteratorResult<ServerSentEventMessage, undefined>> {
    this.#end("ended");
    return Promise.resolve(done);
  }

  /** Ends it when it has been given what is in the journal. */
  finish(): void {
    if (this.#waiting !== undefined) this.wake();
    if (this.#waiting !== undefined) this.#end("ended");
    else if (this.#state === "open") this.#state = "finishing";
  }

  /** Ends it for being too slow, after one message that says so. */
  drop(): void {
    this.#end("dropped");
  }

  /** Gives whoever waits the next message, if there is one. */
  wake(): void {
    if (this.#waiting === undefined) return;
    const message = this.overrun ? this.#skipGap() : this.#take();
    if (message !== undefined) this.#give({ done: false, value: message });
  }

  /** Gives whoever waits a sign of life; it carries the position, past all events that were filtered out. */
  heartbeat(): void {
    this.#give({ done: false, value: { comment: "heartbeat", ...this.#idField() } });
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): ServerSentEventMessage | undefined {
    if (this.#state === "ended") return undefined;
    if (this.#state === "dropped" || this.overrun) {
      this.#end("ended");
      return { event: feedDroppedEvent, data: JSON.stringify({ reason: "The reader was too slow" }) };
    }
    return this.#opening.shift() ?? this.#scan();
  }

  /** Whoever waited was not slow: more came at once than the journal holds. */
  #skipGap(): ServerSentEventMessage {
    this.#index = this.#options.journal.first;
    return gapMessage(this.#position);
  }

  #scan(): ServerSentEventMessage | undefined {
    const { journal, accepts } = this.#options;
    for (let entry = journal.at(this.#index); entry !== undefined; entry = journal.at(this.#index)) {
      this.#index++;
      const { event } = entry;
      if (event.id <= (this.#position.get(event.origin) ?? -1)) continue;
      this.#position.set(event.origin, event.id);
      if (accepts(event)) return this.#message(entry);
    }
    return undefined;
  }

  #message({ event, data }: FeedEntry): ServerSentEventMessage {
    return { event: event.type, data, ...this.#idField() };
  }

  /** Origins the journal does not know were those of an earlier run; they help to skip, but are not passed on. */
  #idField(): { id?: string } {
    for (const origin of this.#position.keys()) {
      if (this.#options.journal.knows(origin)) continue;
      return idField(new Map([...this.#position].filter(([origin]) => this.#options.journal.knows(origin))));
    }
    return idField(this.#position);
  }

  #give(next: Next): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#options.onState("reading");
    waiting(next);
  }

  #end(state: "dropped" | "ended"): void {
    if (this.#state === "ended") return;
    const left = this.#state === "dropped";
    this.#state = state;
    this.#give(done);
    if (!left) this.#options.onState("ended");
  }
}

function idField(position: FeedPosition): { id?: string } {
  return position.size === 0 ? {} : { id: formatFeedPosition(position) };
}

function gapMessage(from: FeedPosition): ServerSentEventMessage {
  return { event: feedGapEvent, data: JSON.stringify({ from: formatFeedPosition(from) }) };
}
