import { type Clock, Failure } from "../../core/mod.ts";
import { isFinal } from "../../sync/mod.ts";
import type { Remote, RunReport } from "../remote/mod.ts";
import type { ProgressListener } from "../report.ts";
import type { RunSession, SessionKeeper } from "./run_session.ts";

/** How long a run goes on before the server is told of it, in milliseconds: of most it hears when they are over. */
const tellAfterMs = 500;
/** How long a run stays in one state before the server is told again how far it is, in milliseconds. */
const tellEveryMs = 10_000;

/** What a {@linkcode RunTeller} works with. */
export interface RunTellerOptions {
  readonly remote: Pick<Remote, "reportReplica">;
  /** Id of this client. */
  readonly client: string;
  readonly clock: Clock;
  /** Keeps where the run stands here. */
  readonly keeper: SessionKeeper;
}

/**
 * Tells the server where a run stands while it is under way, beside what the run sends, and never two things at once. A run
 * that is quick, or finds nothing to do, sends nothing by it; and the run counts, not the telling.
 */
export class RunTeller implements SessionKeeper {
  readonly #options: RunTellerOptions;
  readonly #startedMs: number;
  #session: RunSession | undefined;
  #told: { readonly state: string; readonly atMs: number } | undefined;
  #telling: Promise<void> | undefined;
  #files = 0;
  #bytes = 0;

  /** The run begins. */
  constructor(options: RunTellerOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonic();
  }

  /** Whether the server was told of the run. */
  get hasTold(): boolean {
    return this.#told !== undefined;
  }

  /** Keeps where the run stands, here and on the server. */
  saveSession(session: RunSession): void {
    this.#session = session;
    this.#tellIfDue();
    this.#options.keeper.saveSession(session);
  }

  /** A listener that counts what is done before another one hears of it. */
  listening(to: ProgressListener): ProgressListener {
    return {
      phase: (phase) => to.phase(phase),
      expect: (total) => to.expect(total),
      advance: (done) => {
        this.#files += done.files ?? 0;
        this.#bytes += done.bytes ?? 0;
        if (this.#session !== undefined) this.#tellIfDue();
        to.advance(done);
      },
    };
  }

  /** Where the run stands, once the server has heard what it was told before; `undefined` if it had nothing to do. */
  async settled(): Promise<RunReport | undefined> {
    await this.#telling;
    return this.#session && this.#report(this.#session);
  }

  #tellIfDue(): void {
    const session = this.#session;
    if (session === undefined || isFinal(session.state) || this.#telling !== undefined) return;
    const { client, clock, remote } = this.#options;
    const atMs = clock.monotonic();
    const isNews = session.state !== this.#told?.state;
    if (atMs < (isNews ? this.#startedMs + tellAfterMs : this.#told!.atMs + tellEveryMs)) return;
    this.#told = { state: session.state, atMs };
    const telling = tellReplica(remote, { client, run: this.#report(session) }).finally(() =>
      this.#telling = undefined
    );
    // Whoever waits for it hears what a programmer has to.
    telling.catch(() => {});
    this.#telling = telling;
  }

  #report(session: RunSession): RunReport {
    const elapsedMs = this.#options.clock.monotonic() - this.#startedMs;
    return { session, elapsedMs, filesSynced: this.#files, bytesTransferred: this.#bytes };
  }
}

/** Tells the server something of this client, once; that it cannot be told changes nothing. */
export async function tellReplica(
  remote: Pick<Remote, "reportReplica">,
  state: Parameters<Remote["reportReplica"]>[0],
): Promise<void> {
  try {
    await remote.reportReplica(state);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
  }
}
