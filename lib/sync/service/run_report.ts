import type { ReplicaStore, RunDirection } from "../../metadata/replicas/mod.ts";
import { isFinal, sessionStates, type SessionStatus } from "../session.ts";
import { encodeStatus } from "../session_form.ts";
import { failureText } from "./failure_text.ts";

/** What a client says of one of its runs. */
export interface RunReport {
  /** Id of the run, made up by the client. */
  readonly id: string;
  /** Which way it carries changes. */
  readonly direction: RunDirection;
  /** Where it stands. */
  readonly status: SessionStatus;
  /** How long ago it began, in milliseconds. */
  readonly elapsedMs: number;
  /** How many paths it carried so far. */
  readonly filesSynced: number;
  /** How many bytes of content it read or fetched so far; of one that ended well, how many went either way. */
  readonly bytesTransferred: number;
}

/** Whose run it is, and when it was told. */
export interface ToldRun {
  /** Name of the space. */
  readonly space: string;
  /** Id of the client. */
  readonly client: string;
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
  /** What went wrong, if that is told beside the run. */
  readonly error?: string | undefined;
}

/**
 * Remembers where a run stands. What comes after its end was on its way for long, and counts no more.
 *
 * @returns Whether it is this client's: an id that another one uses is not.
 */
export async function recordRun(replicas: ReplicaStore, report: RunReport, told: ToldRun): Promise<boolean> {
  const { id, direction, elapsedMs, filesSynced, bytesTransferred } = report;
  const { space, client, atMs } = told;
  const known = await replicas.run(id);
  if (known !== undefined && (known.space !== space || known.client !== client)) return false;
  if (known !== undefined && sessionStates.some((state) => state === known.state && isFinal(state))) return true;
  const { status } = report;
  const error = told.error ?? (status.state === "Failed" ? failureText(status.error) : undefined);
  await replicas.ran({
    ...{ id, space, client, direction, filesSynced, bytesTransferred },
    ...encodeStatus(status.state === "Failed" && error !== undefined ? { ...status, error } : status),
    startedAtMs: known?.startedAtMs ?? Math.max(0, Math.round(atMs - elapsedMs)),
    activeAtMs: atMs,
    lastError: error,
  });
  return true;
}
