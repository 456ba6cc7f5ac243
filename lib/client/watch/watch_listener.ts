import type { Failure } from "../../core/mod.ts";
import type { SyncReport } from "../report.ts";
import type { WatchReason } from "./watch_trigger.ts";

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
  /** What could not be watched or followed is again. */
  restored(what: "folder" | "feed"): void;
  /** The feed is being followed: at first, and again after each break. */
  connected(): void;
  /** The feed broke, or cannot be reached; it is tried again until it is followed. */
  disconnected(reason: string): void;
}
