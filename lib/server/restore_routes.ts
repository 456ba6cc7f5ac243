import { rootPath, type SafePath } from "../core/mod.ts";
import { HttpError, json, type Router } from "../network/mod.ts";
import type { RestoreProblem, RestoreReply, RestoreRequest, SyncService } from "../sync/service/mod.ts";
import { momentError, momentOf } from "./moment_value.ts";
import { safePath, spaceName } from "./request_values.ts";

/** The most bytes a request to restore may have. */
const requestBytesMax = 16_384;
/** How many changed paths an answer names. */
const changesListedMax = 1000;
/** Whose commit it is where the request does not say. */
const committer = "restore";
/** An id of a commit or a client: visible ASCII. */
const idPattern = /^[!-~]{1,200}$/;

const members = ["path", "all", "version", "at", "exact", "dry_run", "id", "client"] as const;
type Members = { readonly [name in (typeof members)[number]]?: unknown };

/**
 * Adds `POST /api/spaces/:space/restore`: brings back what was, as a new revision. The JSON names what (`path`, or
 * `"all": true`), as it was when (`version` of a file or link; or `at`, a revision or a time), and may say `exact` (what
 * was added since goes; so it is with `all` unless told), `dry_run`, and, so that it may be sent again, an `id` and the
 * `client`. The answer tells the revision made, its root, and what changed.
 */
export function addRestoreRoutes(router: Router, service: SyncService): void {
  router.post("/api/spaces/:space/restore", async (request, { space }) => {
    const wanted = restoreRequest(await request.body.json({ max: requestBytesMax }));
    const restored = await service.restore(spaceName(space), wanted);
    if (restored.ok) return json(restoredJson(restored.value, wanted));
    throw restoreError(restored.error, { space, path: wanted.path });
  });
}

/** Reads a request; throws a 400 if it is none. */
function restoreRequest(data: unknown): RestoreRequest {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new HttpError(400, "A request to restore is a JSON object");
  }
  // What is not understood may be what keeps the request from changing anything.
  const unknown = Object.keys(data).find((name) => !members.some((member) => member === name));
  if (unknown !== undefined) throw new HttpError(400, `There is no member ${JSON.stringify(unknown)} in it`);
  const fields: Members = data;
  const all = flag(fields, "all") ?? false;
  if (all === (fields.path !== undefined)) throw new HttpError(400, 'It names either a path, or "all": true');
  if ((fields.version === undefined) === (fields.at === undefined)) {
    throw new HttpError(400, "It names either a version or a moment (at)");
  }
  return {
    path: all ? rootPath : pathOf(fields.path),
    to: fields.version === undefined ? momentOf(fields.at) : { version: versionOf(fields.version) },
    exact: flag(fields, "exact") ?? all,
    dryRun: flag(fields, "dry_run") ?? false,
    id: identifier(fields, "id") ?? crypto.randomUUID(),
    client: identifier(fields, "client") ?? committer,
  };
}

function flag(fields: Members, name: keyof Members): boolean | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw new HttpError(400, `The member ${name} must be true or false, got ${JSON.stringify(value)}`);
}

function identifier(fields: Members, name: keyof Members): string | undefined {
  const value = fields[name];
  if (value === undefined || (typeof value === "string" && idPattern.test(value))) return value;
  throw new HttpError(400, `The member ${name} must be up to 200 letters, digits and signs`);
}

function pathOf(value: unknown): SafePath {
  if (typeof value !== "string") {
    throw new HttpError(400, `The member path must be a path, got ${JSON.stringify(value)}`);
  }
  return safePath(value.replace(/(?<=.)\/+$/, ""));
}

function versionOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  throw new HttpError(400, `The member version must be a whole number from 1, got ${JSON.stringify(value)}`);
}

function restoredJson(reply: RestoreReply, { dryRun }: RestoreRequest): Record<string, unknown> {
  const { revision, root, source, repeated, changes } = reply;
  const deleted = changes.filter(({ change }) => change === "deleted").length;
  return {
    revision,
    root,
    source,
    dry_run: dryRun,
    repeated,
    restored: changes.length - deleted,
    deleted,
    changes: changes.slice(0, changesListedMax).map(({ path, change, entry }) => {
      const file = entry.kind === "file" ? { size: entry.size, hash: entry.content } : {};
      return { path, change, kind: entry.kind, ...file };
    }),
  };
}

function restoreError(problem: RestoreProblem, where: { readonly space: string; readonly path: SafePath }): HttpError {
  const [space, path] = [JSON.stringify(where.space), JSON.stringify(where.path)];
  switch (problem.reason) {
    case "no_space":
      return new HttpError(404, `There is no space ${space}`);
    case "no_revision":
    case "before_history":
      return momentError(problem, where.space);
    case "unknown_path":
      return new HttpError(404, `There never was a ${path} in the space ${space}`);
    case "not_there":
      return new HttpError(404, `There was no ${path} in the space ${space} at revision ${problem.revision}`);
    case "no_version": {
      const { version, newest, deletion } = problem;
      const what = deletion ? `Version ${version} of ${path} is its deletion` : `${path} has no version ${version}`;
      return new HttpError(404, what, { extensions: { hint: `Its versions are 1 to ${newest}`, newest } });
    }
    case "folder_version":
      return new HttpError(400, `A version says nothing of what lies in a folder, and ${path} is one`, {
        extensions: { hint: "Name a moment instead: at" },
      });
    case "in_the_way":
      return new HttpError(409, `${problem.paths.length} paths that were added since are in the way of ${path}`, {
        extensions: {
          paths: problem.paths.slice(0, changesListedMax),
          hint: 'Delete them, or ask for exactly what was: "exact": true, dfs restore --exact',
        },
      });
    case "busy":
      return new HttpError(409, `Others keep changing what would be restored of ${path}`, {
        extensions: { hint: "Try again in a while" },
      });
    case "refused":
      return refusedError(problem.error);
  }
}

function refusedError(error: Extract<RestoreProblem, { reason: "refused" }>["error"]): HttpError {
  if (error.reason === "missing_chunks") {
    return new HttpError(500, `${error.hashes.length} chunks of what would be restored are not stored`, {
      extensions: { hint: "Run dfs verify on the server's data folder", missing: error.hashes.slice(0, 1000) },
    });
  }
  return new HttpError(500, `What would be restored cannot be committed: ${error.reason}`);
}
