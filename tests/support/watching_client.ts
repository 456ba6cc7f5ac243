import { HttpRemote, LocalWorkspace, type Remote, type SyncReport } from "../../lib/client/mod.ts";
import {
  sleep,
  watch,
  watchFolder,
  type WatchListener,
  type WatchOptions,
  type WatchReason,
} from "../../lib/client/watch/mod.ts";
import { type Failure, systemClock } from "../../lib/core/mod.ts";
import { HttpClient } from "../../lib/network/client/mod.ts";
import { retryAtOnce } from "./replica.ts";

/** What a watching client told. */
export type Told =
  | { readonly event: "begun"; readonly reasons: readonly WatchReason[] }
  | { readonly event: "synced"; readonly report: SyncReport }
  | { readonly event: "failed"; readonly failure: Failure; readonly retryMs: number | undefined }
  | { readonly event: "degraded"; readonly what: "folder" | "feed"; readonly reason: string; readonly everyMs: number }
  | { readonly event: "restored"; readonly what: "folder" | "feed" }
  | { readonly event: "connected" }
  | { readonly event: "disconnected"; readonly reason: string };

/** How a {@linkcode WatchingClient} differs from one that people use. */
export interface WatchingOptions extends Partial<Omit<WatchOptions, "listener" | "signal">> {
  /** Where the server is reached, if not at its address. */
  readonly url?: string;
  /** Makes the connections of the feed. */
  readonly connect?: () => Promise<never>;
  /** Makes the remote. */
  readonly remoteOf?: (http: HttpClient, origin: string) => Remote;
}

/** A client that watches a folder in this process, and what it told so far. */
export class WatchingClient implements AsyncDisposable {
  readonly told: Told[] = [];
  readonly workspace: LocalWorkspace;
  readonly http: HttpClient;
  readonly #runHttp: HttpClient;
  readonly #ended = new AbortController();
  readonly #done: Promise<void>;
  #over = false;
  #looked = 0;
  #news = Promise.withResolvers<void>();

  /** Begins to watch. */
  constructor(folder: string, remote: string, options: WatchingOptions = {}) {
    const { url = remote, connect, remoteOf, ...others } = options;
    this.workspace = LocalWorkspace.open(folder, { remote });
    this.#runHttp = new HttpClient({ origin: url });
    this.http = connect === undefined ? this.#runHttp : new HttpClient({ origin: url, connect });
    const makeRemote = remoteOf ??
      ((http, origin) => new HttpRemote(http, { origin, space: "default", retry: { ...retryAtOnce, attemptsMax: 1 } }));
    const connection = { workspace: this.workspace, remote: makeRemote(this.#runHttp, remote), http: this.http };
    this.#done = watch(connection, {
      clock: systemClock,
      settleMs: 20,
      watcher: watchFolder,
      retry: retryAtOnce,
      sleep,
      ...others,
      signal: this.#ended.signal,
      listener: this.#listener(),
    }).finally(() => {
      this.#over = true;
      this.#tellNews();
    });
    this.#done.catch(() => {});
  }

  /** Settles when it told something, not looked at before, that is as wanted; what came before it counts as looked at. */
  async until(isIt: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      while (this.#looked < this.told.length) {
        const told = this.told[this.#looked++]!;
        if (isIt(told)) return told;
      }
      if (this.#over) {
        await this.#done;
        throw new Error("The watch ended");
      }
      await this.news;
    }
  }

  /** Settles when anything more is told. */
  get news(): Promise<void> {
    return this.#news.promise;
  }

  /** Settles when a run ended that left folder and server equal; gives its report. */
  async synced(isIt: (report: SyncReport) => boolean = () => true): Promise<SyncReport> {
    const told = await this.until((told) => told.event === "synced" && told.report.synchronized && isIt(told.report));
    return told.event === "synced" ? told.report : Promise.reject(new Error("Not a report"));
  }

  /** Settles when something of a kind was told. */
  async heard<E extends Told["event"]>(event: E): Promise<Extract<Told, { event: E }>> {
    const isIt = (told: Told): told is Extract<Told, { event: E }> => told.event === event;
    const told = await this.until(isIt);
    return isIt(told) ? told : Promise.reject(new Error("Not what was wanted"));
  }

  /** What was told, by its kind alone. */
  get events(): string[] {
    return this.told.map((told) => told.event);
  }

  /** Asks it to end, and waits until it has; throws what it failed by. */
  async end(): Promise<void> {
    this.#ended.abort();
    try {
      await this.#done;
    } finally {
      this.http.close();
      this.#runHttp.close();
      this.workspace[Symbol.dispose]();
    }
  }

  /** Asks it to end, and does not wait. */
  interrupt(): void {
    this.#ended.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended.signal.aborted && this.#over) return;
    await this.end();
  }

  #tellNews(): void {
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers();
    resolve();
  }

  #listener(): WatchListener {
    const tell = (told: Told): void => {
      this.told.push(told);
      this.#tellNews();
    };
    return {
      begun: (reasons) => tell({ event: "begun", reasons: [...reasons] }),
      synced: (report) => tell({ event: "synced", report }),
      failed: (failure, retryMs) => tell({ event: "failed", failure, retryMs }),
      degraded: (what, reason, everyMs) => tell({ event: "degraded", what, reason, everyMs }),
      restored: (what) => tell({ event: "restored", what }),
      connected: () => tell({ event: "connected" }),
      disconnected: (reason) => tell({ event: "disconnected", reason }),
    };
  }
}
