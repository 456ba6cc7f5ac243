import { type ConflictRules, readConflictRules, type RetentionRule } from "../metadata/mod.ts";
import { HttpError, type HttpRequest, json, type Router } from "../network/mod.ts";
import type { MaintenanceService } from "../sync/service/mod.ts";
import { conflictRulesJson, damageJson, garbageJson, retentionJson, verificationJson } from "./maintenance_json.ts";
import { spaceName } from "./request_values.ts";

/** The most bytes a request may have. */
const requestBytesMax = 4096;

type Members = ReadonlyMap<string, unknown>;

/**
 * Adds what keeps the store in order:
 *
 * - `POST /api/gc`: removes the versions that no rule keeps, then the chunks that no version names. The JSON may say
 *   `grace_ms` and `dry_run`.
 * - `POST /api/verify`: reads everything that is stored and tells what is wrong; with `"repair": true` damaged chunks are
 *   taken out, so that clients can send them again.
 * - `GET` and `PUT /api/spaces/:space/retention`: the rule by which superseded versions are kept: `keep_versions`,
 *   `keep_for_ms`, each a number or `null`.
 * - `GET` and `PUT /api/spaces/:space/conflicts`: what clients of the space do about conflicts, as far as they do not know
 *   better: `rules`, a list of patterns with their policies, and `default`, a policy or `null`.
 * - `GET /api/spaces/:space/damage`: the chunks that what lives in the space needs and the server cannot give.
 *
 * The first two answer when they are done, which takes as long as reading the store does.
 */
export function addMaintenanceRoutes(router: Router, maintenance: MaintenanceService): void {
  router.post("/api/gc", async (request) => {
    const members = await membersOf(request, ["grace_ms", "dry_run"]);
    const graceMs = wholeNumber(members, "grace_ms") ?? undefined;
    return json(garbageJson(await maintenance.collectGarbage({ graceMs, dryRun: flag(members, "dry_run") })));
  });

  router.post("/api/verify", async (request) => {
    const members = await membersOf(request, ["repair"]);
    return json(verificationJson(await maintenance.verify({ repair: flag(members, "repair") })));
  });

  router.get("/api/spaces/:space/retention", async (_request, { space }) => {
    return json(retentionJson(await maintenance.retention(spaceName(space))));
  });

  router.put("/api/spaces/:space/retention", async (request, { space }) => {
    const members = await membersOf(request, ["keep_versions", "keep_for_ms"]);
    return json(retentionJson(await maintenance.setRetention(spaceName(space), ruleOf(members))));
  });

  router.get("/api/spaces/:space/conflicts", async (_request, { space }) => {
    return json(conflictRulesJson(await maintenance.conflictRules(spaceName(space))));
  });

  router.put("/api/spaces/:space/conflicts", async (request, { space }) => {
    const members = await membersOf(request, ["rules", "default"]);
    return json(conflictRulesJson(await maintenance.setConflictRules(spaceName(space), conflictRulesOf(members))));
  });

  router.get("/api/spaces/:space/damage", async (_request, { space }) => {
    return json(damageJson(await maintenance.damage(spaceName(space))));
  });
}

/** A rule; one without any member would remove a rule by mistake, so each must be named. */
function ruleOf(members: Members): RetentionRule {
  for (const name of ["keep_versions", "keep_for_ms"]) {
    if (!members.has(name)) throw new HttpError(400, `The member ${name} is missing; null keeps without limit`);
  }
  const keepVersions = wholeNumber(members, "keep_versions");
  const keepForMs = wholeNumber(members, "keep_for_ms");
  return { ...(keepVersions === null ? {} : { keepVersions }), ...(keepForMs === null ? {} : { keepForMs }) };
}

/** What to do about conflicts; as with a rule, each member must be named. */
function conflictRulesOf(members: Members): ConflictRules {
  if (!members.has("rules")) throw new HttpError(400, "The member rules is missing; an empty list has no patterns");
  if (!members.has("default")) throw new HttpError(400, "The member default is missing; null leaves it to clients");
  const rules = readConflictRules(Object.fromEntries(members));
  if (rules.ok) return rules.value;
  throw new HttpError(400, rules.error);
}

/** The members of a request, which may have no body; throws a 400 for one that is not known. */
async function membersOf(request: HttpRequest, names: readonly string[]): Promise<Members> {
  const bytes = await request.body.bytes({ max: requestBytesMax });
  const members = new Map<string, unknown>(Object.entries(bytes.length === 0 ? {} : parseObject(bytes)));
  // What is not understood may be what keeps the request from changing anything.
  const unknown = members.keys().find((name) => !names.includes(name));
  if (unknown === undefined) return members;
  throw new HttpError(400, `There is no member ${JSON.stringify(unknown)} in it; it takes ${names.join(", ")}`);
}

function parseObject(bytes: Uint8Array): object {
  try {
    const data: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof data === "object" && data !== null && !Array.isArray(data)) return data;
  } catch {
    // Told below, as what is JSON but no object is.
  }
  throw new HttpError(400, "The request takes a JSON object");
}

function flag(members: Members, name: string): boolean {
  const value = members.get(name) ?? false;
  if (typeof value === "boolean") return value;
  throw new HttpError(400, `The member ${name} must be true or false, got ${JSON.stringify(value)}`);
}

/** A whole number; `null` if it is not there or null. */
function wholeNumber(members: Members, name: string): number | null {
  const value = members.get(name) ?? null;
  if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) return value;
  throw new HttpError(400, `The member ${name} must be a whole number, got ${JSON.stringify(value)}`);
}
