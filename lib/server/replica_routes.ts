import { type FailureKind, type Hash, parseHash } from "../core/mod.ts";
import { empty, HttpError, type Router } from "../network/mod.ts";
import type { ReplicaFailure, ReplicaReport, SyncService } from "../sync/service/mod.ts";
import {
  clientId,
  direction,
  milliseconds,
  type ReportFields,
  reportFields,
  wholeNumber,
  wrong,
} from "./report_values.ts";
import { existingSpace } from "./request_values.ts";
import { runReport } from "./run_report.ts";

/** The most bytes a report may have. */
const reportBytesMax = 4096;

/** Every kind a failure can be of. */
const failureKinds: readonly FailureKind[] = [
  "usage",
  "refused",
  "not_found",
  "conflict",
  "unreachable",
  "corrupt",
  "no_space",
  "io",
];

/** The counts of a report that may be left out: their names in JSON, and in the event. */
const counts = [
  ["files_uploaded", "filesUploaded"],
  ["files_downloaded", "filesDownloaded"],
  ["files_deleted", "filesDeleted"],
  ["bytes_uploaded", "bytesUploaded"],
  ["bytes_downloaded", "bytesDownloaded"],
] as const;

/**
 * Adds what clients tell of themselves:
 *
 * - `POST /api/spaces/:space/replicas`: a client was brought into step, as JSON: `client`, `revision`, `root`,
 *   `direction` (`push`, `pull` or `sync`), `duration_ms`, and what was carried: `files_uploaded`, `files_downloaded`,
 *   `files_deleted`, `bytes_uploaded`, `bytes_downloaded`. Answered with 204; 409 if the space did not have that root at
 *   that revision.
 * - The same with `client` and `failure`: a client gave up. `failure` has a `kind`, one of those of a `Failure`, and a
 *   `message` of one sentence. Answered with 204.
 * - Either with `session`, where the run stands that did it; or `client` and `session` alone, for a run that goes on or of
 *   which there is no more to say: `id`, `direction`, `state` as `GET /api/sync/status` tells it with what belongs to it
 *   (`uploads`, `downloads`, `conflicts`, `revision`, `error`), `elapsed_ms`, `files_synced`, `bytes_transferred`.
 */
export function addReplicaRoutes(router: Router, service: SyncService): void {
  router.post("/api/spaces/:space/replicas", async (request, { space }) => {
    const fields = reportFields(await request.body.json({ max: reportBytesMax }));
    const run = runReport(fields);
    const report = fields.has("failure")
      ? replicaFailure(fields)
      : run === undefined || fields.has("revision")
      ? replicaReport(fields)
      : { client: clientId(fields), run };
    const head = await existingSpace(service, space);
    if ("message" in report) {
      await service.recordFailure(head.space, { ...report, run });
      return empty();
    }
    if (!("revision" in report)) {
      if (await service.recordRun(head.space, report)) return empty();
      throw new HttpError(409, `The session ${JSON.stringify(report.run.id)} is that of another client`);
    }
    if (await service.recordReplica(head.space, { ...report, run })) return empty();
    throw new HttpError(
      409,
      `The space ${JSON.stringify(head.space)} had another root at revision ${report.revision}`,
      {
        extensions: { head: head.revision, hint: "Pull or push again: only what is equal is recorded" },
      },
    );
  });
}

/** Reads what went wrong; throws a 400 if it does not say so. */
function replicaFailure(fields: ReportFields): ReplicaFailure {
  const failure = fields.get("failure");
  if (typeof failure !== "object" || failure === null || !("kind" in failure) || !("message" in failure)) {
    throw wrong("failure", "an object with kind and message", failure);
  }
  const { kind: given, message } = failure;
  const kind = failureKinds.find((kind) => kind === given);
  if (kind === undefined) throw wrong("failure.kind", `one of ${failureKinds.join(", ")}`, given);
  if (typeof message !== "string" || message === "") throw wrong("failure.message", "a sentence", message);
  return { client: clientId(fields), kind, message };
}

/** Reads a report; throws a 400 if it is none. */
function replicaReport(fields: ReportFields): ReplicaReport {
  const client = clientId(fields);
  const carried: { [name in (typeof counts)[number][1]]?: number } = {};
  for (const [name, key] of counts) if (fields.has(name)) carried[key] = wholeNumber(fields.get(name), name);
  return {
    client,
    revision: wholeNumber(fields.get("revision"), "revision"),
    root: root(fields.get("root")),
    figures: {
      durationMs: milliseconds(fields.get("duration_ms"), "duration_ms"),
      direction: direction(fields.get("direction")),
      ...carried,
    },
  };
}

function root(value: unknown): Hash {
  const hash = typeof value === "string" ? parseHash(value) : undefined;
  if (hash === undefined) throw wrong("root", "64 hexadecimal digits", value);
  return hash;
}
