import type { RevisionRecord, VersionRecord } from "../metadata/mod.ts";
import { HttpError, type HttpRequest, json, type Router } from "../network/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { momentError, momentOf } from "./moment_value.ts";
import { existingSpace, numberInQuery, pathInQuery } from "./request_values.ts";

/** How many revisions an answer has unless told, and at most. */
const revisionsPerPage = 100;
const revisionsPerPageMax = 1000;

/**
 * Adds what tells of the past:
 *
 * - `GET /api/spaces/:space/history?path=P`: all versions of a path, newest first; with `at=MOMENT` (a revision, or a
 *   time) only those that were made by then, so that the first is what lived there.
 * - `GET /api/spaces/:space/revisions?before=N&limit=N`: the revisions of a space, newest first; `next_before` asks for
 *   those before them.
 */
export function addHistoryRoutes(router: Router, service: SyncService): void {
  router.get("/api/spaces/:space/history", async (request, { space }) => {
    const head = await existingSpace(service, space);
    const versions = await service.history(head.space, pathInQuery(request));
    const at = request.query.get("at");
    if (at === null) return json({ versions: versions.map(versionJson) });
    const until = await service.revisionAt(head, momentOf(at));
    if (!until.ok) throw momentError(until.error, head.space);
    return json({ versions: versions.filter(({ revision }) => revision <= until.value).map(versionJson) });
  });

  router.get("/api/spaces/:space/revisions", async (request, { space }) => {
    const head = await existingSpace(service, space);
    const before = optionalNumber(request, "before") ?? head.revision + 1;
    const limit = optionalNumber(request, "limit") ?? revisionsPerPage;
    if (limit < 1 || limit > revisionsPerPageMax) {
      throw new HttpError(400, `The query needs limit=NUMBER from 1 to ${revisionsPerPageMax}, got ${limit}`);
    }
    const revisions = await service.revisions(head.space, { before, limit });
    const last = revisions.at(-1)?.revision ?? 1;
    return json({ revisions: revisions.map(revisionJson), next_before: last > 1 ? last : null });
  });
}

function optionalNumber(request: HttpRequest, name: string): number | undefined {
  return request.query.has(name) ? numberInQuery(request, name) : undefined;
}

/** One version of a path, as JSON tells it. */
function versionJson(record: VersionRecord): Record<string, unknown> {
  const { entry, version, revision, client, committedAtMs } = record;
  const file = entry?.kind === "file" ? { size: entry.size, hash: entry.content } : {};
  const committed_at = new Date(committedAtMs).toISOString();
  return { version, revision, client, committed_at, kind: entry?.kind ?? "deleted", ...file };
}

/** One revision of a space, as JSON tells it. */
function revisionJson(record: RevisionRecord): Record<string, unknown> {
  const { revision, root, client, committedAtMs, puts, deletes } = record;
  return { revision, root, client, committed_at: new Date(committedAtMs).toISOString(), puts, deletes };
}
