import { type Clock, Failure } from "../../core/mod.ts";
import { advanceSession, isFinal, type SessionEvent, type SessionStatus } from "../../sync/mod.ts";
import type { TransferOptions } from "../options.ts";
import { type ProgressListener, silentProgress, type SyncReport } from "../report.ts";
import type { Direction } from "../strategy.ts";

/** Where a run of a client stands, or stood when it ended or was interrupted. */
export type RunSession = SessionStatus & {
  /** Names it, here and on the server; none of one that an older dfs kept. */
  readonly id?: string;
  /** Which way it carried changes. */
  readonly direction: Direction;
  /** When it began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** When it came to this state, likewise. */
  readonly changedAtMs: number;
};

/** Keeps where the last run stands. */
export interface SessionKeeper {
  saveSession(session: RunSession): void;
}

/** What {@linkcode trackSession} works with. */
export interface TrackedRun {
  readonly direction: Direction;
  readonly keeper: SessionKeeper;
  readonly options: TransferOptions;
}

/**
 * Takes a run through the states of a session, by the phases that it tells of, and keeps each state from where it has
 * something to lose: whoever finds a state that is not final knows that the run was interrupted there.
 */
export async function trackSession(
  { direction, keeper, options }: TrackedRun,
  run: (options: TransferOptions) => Promise<SyncReport>,
): Promise<SyncReport> {
  const tracker = new Tracker(direction, keeper, options);
  const told = options.progress ?? silentProgress;
  const progress: ProgressListener = {
    phase: (phase) => {
      tracker.enter(phase);
      told.phase(phase);
    },
    expect: (total) => {
      tracker.expect(total.files);
      told.expect(total);
    },
    advance: (done) => told.advance(done),
  };
  try {
    const report = await run({ ...options, progress });
    tracker.end({ type: "finish", revision: report.revision });
    return report;
  } catch (cause) {
    tracker.end({ type: "fail", error: cause instanceof Error ? cause.message : String(cause) });
    throw cause;
  }
}

class Tracker {
  readonly #direction: Direction;
  readonly #keeper: SessionKeeper;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #startedAtMs: number;
  #status: SessionStatus = { state: "Idle" };
  /** Its id, from where it has something to lose. */
  #id: string | undefined;

  constructor(direction: Direction, keeper: SessionKeeper, { clock, newId }: TransferOptions) {
    this.#direction = direction;
    this.#keeper = keeper;
    this.#clock = clock;
    this.#newId = newId ?? (() => crypto.randomUUID());
    this.#startedAtMs = clock.now();
  }

  enter(phase: Parameters<ProgressListener["phase"]>[0]): void {
    switch (phase) {
      case "scan":
      case "compare":
        return this.#advance({ type: "compare" });
      case "commit":
      case "apply":
        return this.#advance({ type: "apply" });
      case "transfer":
      case "remember":
        return;
    }
  }

  /** So many files are about to be carried over. */
  expect(files: number): void {
    if (files === 0) return;
    const downloads = this.#direction === "pull" || this.#status.state === "TransferringFiles";
    this.#advance({ type: "transfer", uploads: downloads ? 0 : files, downloads: downloads ? files : 0 });
  }

  /** Ends it; what never got beyond comparing is not worth keeping, but a failure is. */
  end(event: Extract<SessionEvent, { type: "finish" | "fail" }>): void {
    if (!isFinal(this.#status.state)) this.#advance(event);
  }

  #advance(event: SessionEvent): void {
    const next = advanceSession(this.#status, event);
    if (!next.ok) throw new TypeError(`A run that is ${next.error.state} cannot ${next.error.event}`);
    this.#status = next.value;
    if (this.#id === undefined && (event.type === "compare" || event.type === "finish")) return;
    this.#id ??= this.#newId();
    const id = this.#id;
    const [startedAtMs, changedAtMs] = [this.#startedAtMs, this.#clock.now()];
    try {
      this.#keeper.saveSession({ ...this.#status, id, direction: this.#direction, startedAtMs, changedAtMs });
    } catch (cause) {
      // The run counts, not what is kept of it.
      if (!(cause instanceof Failure)) throw cause;
    }
  }
}
