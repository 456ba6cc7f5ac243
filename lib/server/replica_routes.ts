import { type FailureKind, type Hash, parseHash } from "../core/mod.ts";
import { empty, HttpError, type Router } from "../network/mod.ts";
import type { ReplicaFailure, ReplicaReport, SyncService } from "../sync/service/mod.ts";
import { existingSpace } from "./request_values.ts";

/** The most bytes a report may have. */
const reportBytesMax = 4096;
/** An id of a client: visible ASCII, as a UUID is. */
const clientPattern = /^[!-~]{1,300}$/;

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
 */
export function addReplicaRoutes(router: Router, service: SyncService): void {
  router.post("/api/spaces/:space/replicas", async (request, { space }) => {
    const fields = reportFields(await request.body.json({ max: reportBytesMax }));
    const report = fields.has("failure") ? replicaFailure(fields) : replicaReport(fields);
    const head = await existingSpace(service, space);
    if ("message" in report) {
      await service.recordFailure(head.space, report);
      return empty();
    }
    if (await service.recordReplica(head.space, report)) return empty();
    throw new HttpError(
      409,
      `The space ${JSON.stringify(head.space)} had another root at revision ${report.revision}`,
      {
        extensions: { head: head.revision, hint: "Pull or push again: only what is equal is recorded" },
      },
    );
  });
}

function reportFields(data: unknown): ReadonlyMap<string, unknown> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new HttpError(400, "A report is a JSON object");
  }
  return new Map<string, unknown>(Object.entries(data));
}

/** Reads what went wrong; throws a 400 if it does not say so. */
function replicaFailure(fields: ReadonlyMap<string, unknown>): ReplicaFailure {
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
function replicaReport(fields: ReadonlyMap<string, unknown>): ReplicaReport {
  const client = clientId(fields);
  const direction = fields.get("direction");
  if (direction !== "push" && direction !== "pull" && direction !== "sync") {
    throw wrong("direction", "push, pull or sync", direction);
  }
  const durationMs = fields.get("duration_ms");
  if (typeof durationMs !== "number" || !(durationMs >= 0)) {
    throw wrong("duration_ms", "a number of milliseconds", durationMs);
  }
  const carried: { [name in (typeof counts)[number][1]]?: number } = {};
  for (const [name, key] of counts) if (fields.has(name)) carried[key] = wholeNumber(fields, name);
  return {
    client,
    revision: wholeNumber(fields, "revision"),
    root: root(fields.get("root")),
    figures: { durationMs, direction, ...carried },
  };
}

function clientId(fields: ReadonlyMap<string, unknown>): string {
  const client = fields.get("client");
  if (typeof client === "string" && clientPattern.test(client)) return client;
  throw wrong("client", "up to 300 letters, digits and signs", client);
}

function root(value: unknown): Hash {
  const hash = typeof value === "string" ? parseHash(value) : undefined;
  if (hash === undefined) throw wrong("root", "64 hexadecimal digits", value);
  return hash;
}

function wholeNumber(fields: ReadonlyMap<string, unknown>, name: string): number {
  const value = fields.get(name);
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw wrong(name, "a whole number", value);
  }
  return value;
}

function wrong(name: string, expected: string, value: unknown): HttpError {
  return new HttpError(400, `The member ${name} must be ${expected}, got ${JSON.stringify(value) ?? "nothing"}`);
}
