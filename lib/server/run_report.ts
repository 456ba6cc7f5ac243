import { decodeStatus, sessionStates } from "../sync/mod.ts";
import type { RunReport } from "../sync/service/mod.ts";
import { direction, milliseconds, type ReportFields, reportFields, wholeNumber, wrong } from "./report_values.ts";

/** An id of a run, such as a UUID. */
const idPattern = /^[A-Za-z0-9._-]{1,100}$/;
/** What belongs to a state, and may be left out. */
const counts = ["uploads", "downloads", "conflicts", "revision"];

/** Reads where a run stands from the member `session` of a report, if it has one; throws a 400 if it does not say so. */
export function runReport(report: ReportFields): RunReport | undefined {
  if (!report.has("session")) return undefined;
  const fields = reportFields(report.get("session"), "The member session");
  const id = fields.get("id");
  if (typeof id !== "string" || !idPattern.test(id)) {
    throw wrong("session.id", "up to 100 letters, digits, dots, hyphens and underscores", id);
  }
  const count = (name: string): number => wholeNumber(fields.get(name) ?? 0, `session.${name}`);
  counts.forEach(count);
  const error = fields.get("error");
  if (error !== undefined && typeof error !== "string") throw wrong("session.error", "a sentence", error);
  const state = fields.get("state");
  const status = typeof state === "string" ? decodeStatus(state, fields) : undefined;
  if (status === undefined) throw wrong("session.state", `one of ${sessionStates.join(", ")}`, state);
  return {
    id,
    status,
    direction: direction(fields.get("direction"), "session.direction"),
    elapsedMs: milliseconds(fields.get("elapsed_ms"), "session.elapsed_ms"),
    filesSynced: count("files_synced"),
    bytesTransferred: count("bytes_transferred"),
  };
}
