import { Failure, type FailureKind } from "../../core/mod.ts";
import type { HttpClient } from "../../network/client/mod.ts";
import { followEvents } from "../follow_events.ts";
import type { TransferOptions } from "../options.ts";
import type { Remote } from "../remote.ts";
import type { SyncReport } from "../report.ts";
import type { RetryOptions } from "../retry.ts";
import { sync } from "../sync.ts";
import type { LocalWorkspace } from "../local_workspace.ts";
import type { FolderWatcher } from "./watch_folder.ts";
import { type Sleep, type WatchReason, WatchTrigger } from "./watch_trigger.ts";

/** What is kept in step. */
export interface WatchConnection {
  /** The folder, its lock held. */
  readonly workspace: LocalWorkspace;
  /** The space. */
  readonly remote: Remote;
  /** Connections to the server, for its live feed. */
  readonly http: HttpClient;
}

/** Told what a watching client does. */
export interface WatchListener {
  /** A run begins. */
  begun(reasons: ReadonlySet<WatchReason>): void;
  /** A run ended. */
  synced(report: SyncReport): void;
  /** A run failed; the next one comes so many milliseconds later, or when something changes. */
  failed(failure: Failure, retryMs: number | undefined): void;
  /** The folder cannot be watched, or the feed not be followed: changes are found by looking, so often. */
  degraded(what: "folder" | "feed", reason: string, everyMs: number): void;
  /** The feed broke; it is being followed anew. */
  disconnected(reason: string): void;
}

/** Options of {@linkcode watch}. */
export interface WatchOptions extends TransferOptions {
  /** How long the folder must be quiet before it is looked at, in milliseconds. */
  readonly settleMs: number;
  /** How often the whole folder is walked whatever was seen, in milliseconds; never unless given. */
  readonly rescanMs?: number | undefined;
  /** How often all content is read anew, in milliseconds; never unless given. */
  readonly verifyEveryMs?: number | undefined;
  /** Tells of changes in the folder. */
  readonly watcher: FolderWatcher;
  /** How the feed is followed. */
  readonly retry: RetryOptions;
  /** Waits. */
  readonly sleep: Sleep;
  /** Ends it, after the run that is under way. */
  readonly signal: AbortSignal;
  /** Told what happens. */
  readonly listener: WatchListener;
}

/** The wait before a run that failed is tried again, in milliseconds; it doubles from one to the next. */
const retryMs = { first: 1000, max: 60_000 };
/** How often is looked where nobody tells of changes, in milliseconds. */
const pollMs = 15_000;
/** Kinds of failures that pass by themselves; after others, a run is tried again when something changes. */
const passing: readonly FailureKind[] = ["unreachable", "io", "no_space", "conflict", "corrupt"];

/**
 * Keeps a folder and its space in step until the signal ends it. Runs one two-way run at a time; what fails is told of
 * and tried again.
 */
export async function watch(connection: WatchConnection, options: WatchOptions): Promise<void> {
  const { workspace, remote } = connection;
  const { settleMs, sleep, signal, listener } = options;
  const trigger = new WatchTrigger(sleep);
  trigger.poke("start");
  const ended = new AbortController();
  const inside = AbortSignal.any([signal, ended.signal]);
  const helpers = [
    pokeOnFolder(trigger, connection, { ...options, signal: inside }),
    pokeOnSpace(trigger, connection, { ...options, signal: inside }),
    pokeEvery(options.rescanMs, "rescan", { trigger, sleep, signal: inside }),
    pokeEvery(options.verifyEveryMs, "verify", { trigger, sleep, signal: inside }),
  ];
  try {
    let waitMs = retryMs.first;
    for (;;) {
      const reasons = await trigger.next(settleMs, signal);
      if (signal.aborted) return;
      try {
        listener.begun(reasons);
        workspace.checkInPlace();
        const report = await sync(workspace, remote, { ...options, checksum: reasons.has("verify") });
        listener.synced(report);
        if (report.problems.some(({ kind }) => kind !== "unsupported")) {
          void pokeAfter(waitMs, "retry", { trigger, sleep, signal: inside });
          waitMs = Math.min(waitMs * 2, retryMs.max);
        } else waitMs = retryMs.first;
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause;
        const passes = passing.includes(cause.kind);
        listener.failed(cause, passes ? waitMs : undefined);
        if (!passes) continue;
        void pokeAfter(waitMs, "retry", { trigger, sleep, signal: inside });
        waitMs = Math.min(waitMs * 2, retryMs.max);
      }
    }
  } finally {
    ended.abort();
    await Promise.all(helpers);
  }
}

interface Poking {
  readonly trigger: WatchTrigger;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

async function pokeAfter(ms: number, reason: WatchReason, { trigger, sleep, signal }: Poking): Promise<void> {
  await sleep(ms, signal);
  if (!signal.aborted) trigger.poke(reason);
}

async function pokeEvery(ms: number | undefined, reason: WatchReason, poking: Poking): Promise<void> {
  if (ms === undefined) return;
  while (!poking.signal.aborted) await pokeAfter(ms, reason, poking);
}

/** Makes a run due whenever something changes in the folder; looks now and then where that cannot be told. */
async function pokeOnFolder(
  trigger: WatchTrigger,
  { workspace }: WatchConnection,
  { watcher, signal, sleep, listener, rescanMs }: WatchOptions,
): Promise<void> {
  let reason = "The watcher ended";
  try {
    for await (const change of watcher(workspace.disk.root, signal)) {
      trigger.poke(change === "changed" ? "folder" : "rescan");
    }
  } catch (cause) {
    reason = cause instanceof Error ? cause.message : String(cause);
  }
  if (signal.aborted) return;
  const everyMs = Math.min(rescanMs ?? pollMs, pollMs);
  listener.degraded("folder", reason, everyMs);
  trigger.poke("rescan");
  await pokeEvery(everyMs, "rescan", { trigger, sleep, signal });
}

/** Makes a run due whenever somebody else commits; asks now and then where the server cannot tell. */
async function pokeOnSpace(
  trigger: WatchTrigger,
  { workspace, http }: WatchConnection,
  { signal, sleep, listener, retry }: WatchOptions,
): Promise<void> {
  const { remote: origin, space, clientId } = workspace;
  for (let waitMs = retryMs.first; !signal.aborted; waitMs = Math.min(waitMs * 2, retryMs.max)) {
    try {
      const types = ["commit.applied"];
      for await (
        const item of followEvents(http, { origin, types, space, since: undefined, follow: true, retry, signal })
      ) {
        waitMs = retryMs.first;
        if (item.kind === "broken") listener.disconnected(item.reason);
        else if (item.kind === "gap") trigger.poke("space");
        else if (item.event.type === "commit.applied" && item.event.detail.client !== clientId) trigger.poke("space");
      }
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      if (cause.kind !== "unreachable") {
        listener.degraded("feed", cause.message, pollMs);
        return await pokeEvery(pollMs, "space", { trigger, sleep, signal });
      }
    }
    // What was committed before the feed could be followed again is found by a run.
    await pokeAfter(waitMs, "space", { trigger, sleep, signal });
  }
}
