import { Failure, type FailureKind } from "../../core/mod.ts";
import type { HttpClient } from "../../network/client/mod.ts";
import type { LocalWorkspace, WordTaker } from "../workspace/mod.ts";
import type { TransferOptions } from "../options.ts";
import type { Remote, RetryOptions } from "../remote/mod.ts";
import { type ProgressListener, silentProgress, type SyncReport } from "../report.ts";
import { sync } from "../sync.ts";
import { Attempts } from "./attempts.ts";
import { isAsLeft } from "./is_as_left.ts";
import { noticeReplaced } from "./notice_replaced.ts";
import { noticeResume } from "./notice_resume.ts";
import { pokeOnFolder } from "./poke_on_folder.ts";
import { pokeOnSpace } from "./poke_on_space.ts";
import type { Sleep } from "./sleep.ts";
import type { FolderWatcher } from "./watch_folder.ts";
import type { WatchListener } from "./watch_listener.ts";
import { pokeEvery, pokeWhileBlind, pollMs, retryMs, type WatchParts, type WatchState } from "./watch_parts.ts";
import { WatchTrigger } from "./watch_trigger.ts";

/** What is kept in step. */
export interface WatchConnection {
  /** The folder, its lock held. */
  readonly workspace: LocalWorkspace;
  /** The space. */
  readonly remote: Remote;
  /** Connections to the server, for its live feed. */
  readonly http: HttpClient;
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
  /** How attempts to follow the feed are repeated. */
  readonly retry: Omit<RetryOptions, "wait">;
  /** Waits. */
  readonly sleep: Sleep;
  /** Ends it, after the run that is under way. */
  readonly signal: AbortSignal;
  /** Told what happens. */
  readonly listener: WatchListener;
}

/** Kinds of failures that pass by themselves; after others, a run is tried again when something changes. */
const passing: readonly FailureKind[] = ["unreachable", "io", "no_space", "conflict", "corrupt"];

/**
 * Keeps a folder and its space in step until the signal ends it. Carries out one two-way run at a time; what fails is told
 * of and tried again.
 */
export async function watch(connection: WatchConnection, options: WatchOptions): Promise<void> {
  const { http, workspace } = connection;
  const { sleep, signal, listener, retry, watcher } = options;
  using words = await workspace.takeWords();
  const ended = new AbortController();
  const state: WatchState = { watched: false, followed: false, ranMs: 0, running: false, failing: false };
  const inside = AbortSignal.any([signal, ended.signal]);
  const parts: WatchParts = { trigger: new WatchTrigger(sleep), state, sleep, signal: inside, listener };
  const [looking, listening] = [new Attempts(), new Attempts()];
  const { remote: origin, space, clientId, disk: { root } } = workspace;
  const helpers = [
    pokeOnFolder({ root, watcher, attempts: looking }, parts),
    pokeOnSpace({ origin, space, clientId, http, retry, attempts: listening }, parts),
    pokeWhileBlind(parts),
    noticeReplaced(() => isInPlace(workspace), parts),
    pokeEvery(options.rescanMs, "rescan", parts),
    pokeEvery(options.verifyEveryMs, "verify", parts),
    noticeResume(
      () => {
        // The other side may know the connections no more.
        http.dropIdle();
        listening.renew();
        parts.trigger.poke("resumed");
      },
      options.clock,
      parts,
    ),
  ];
  // If one fails all end, and what it failed by is thrown below.
  for (const helper of helpers) helper.catch(() => ended.abort());
  try {
    await runWhenDue(connection, options, { ...parts, looking, words });
  } finally {
    ended.abort();
    await Promise.all(helpers);
  }
}

/** Carries out a run whenever one is due. */
async function runWhenDue(
  connection: WatchConnection,
  options: WatchOptions,
  { trigger, state, signal, listener, looking, words }: WatchParts & {
    readonly looking: Attempts;
    readonly words: WordTaker;
  },
): Promise<void> {
  const { workspace } = connection;
  const { settleMs, clock } = options;
  let dueMs: number | undefined;
  let waitMs = retryMs.first;
  let verify = false;
  let away = false;
  /** Whether the last run wrote to the folder, so that what is seen there may be its doing. */
  let wrote = false;
  const retryLater = (): void => {
    dueMs = waitMs;
    waitMs = Math.min(waitMs * 2, retryMs.max);
  };
  for (;;) {
    const reasons = await trigger.next({ settleMs, retryMs: dueMs, signal });
    if (signal.aborted) return;
    verify ||= reasons.has("verify");
    const changed = trigger.takeDirectories();
    const mayBeOwn = wrote && !verify && !away && reasons.size === 1 && reasons.has("folder");
    if (mayBeOwn && changed !== undefined && isAsLeft(workspace, changed, options)) continue;
    const begunMs = clock.now();
    state.running = true;
    dueMs = undefined;
    wrote = false;
    listener.begun(reasons);
    // A disk that went and came back is not the one that the watcher knew.
    if (away && isInPlace(workspace)) looking.renew();
    away = !isInPlace(workspace);
    try {
      const report = await run(connection, { ...options, ...words.take(), checksum: verify, changed }, () => {
        away = !isInPlace(workspace);
        workspace.checkInPlace();
      });
      verify = state.failing = false;
      wrote = report.changes.some(({ side }) => side === "folder");
      if (report.problems.some(({ kind }) => kind !== "unsupported")) {
        trigger.lookEverywhere();
        retryLater();
      } else waitMs = retryMs.first;
      listener.synced(report);
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      trigger.lookEverywhere();
      // One that was away is another one to the watcher, though it be back by now.
      away ||= !isInPlace(workspace);
      if (away) dueMs = pollMs;
      else if (passing.includes(cause.kind)) retryLater();
      state.failing = dueMs !== undefined;
      listener.failed(cause, dueMs);
    } finally {
      state.running = false;
      state.ranMs += clock.now() - begunMs;
    }
  }
}

/** Carries out a run, and makes sure before each phase of it that the folder is the one that was opened. */
function run(
  { workspace, remote }: WatchConnection,
  options: WatchOptions,
  checkInPlace: () => void,
): Promise<SyncReport> {
  const told = options.progress ?? silentProgress;
  const progress: ProgressListener = {
    phase: (phase) => {
      checkInPlace();
      told.phase(phase);
    },
    expect: (total) => told.expect(total),
    advance: (done) => told.advance(done),
  };
  return sync(workspace, remote, { ...options, progress });
}

function isInPlace(workspace: LocalWorkspace): boolean {
  try {
    workspace.checkInPlace();
    return true;
  } catch (cause) {
    if (cause instanceof Failure) return false;
    throw cause;
  }
}
