import { sendRequest } from "../client/remote/send_request.ts";
import { Failure, systemClock } from "../core/mod.ts";
import type { ConflictRules, RetentionRule } from "../metadata/mod.ts";
import type { ClientResponse } from "../network/client/mod.ts";
import {
  type ConflictRulesJson,
  conflictRulesJson,
  type GarbageJson,
  garbageJson,
  isConflictRulesJson,
  isGarbageJson,
  isRetentionJson,
  isVerificationJson,
  type RetentionJson,
  retentionJson,
  ruleRequest,
  type VerificationJson,
  verificationJson,
} from "../server/maintenance_json.ts";
import { type GarbageOptions, MaintenanceService, type VerifyOptions } from "../sync/service/mod.ts";
import { auditComponent } from "./audit.ts";
import { claimDataFolder, isDataFolder } from "./data_folder.ts";
import { startEventSystem } from "./event_system.ts";
import { knownServer, type KnownServerOptions } from "./known_server.ts";
import { openStores } from "./stores.ts";

/** What keeps a store in order, wherever that is. Answers are as the HTTP API gives them. */
export interface Maintenance extends AsyncDisposable {
  /** Removes the versions that no rule keeps, then the chunks that no version names. */
  collectGarbage(options: GarbageOptions): Promise<GarbageJson>;
  /** Reads everything that is stored, and tells what is wrong. */
  verify(options: VerifyOptions): Promise<VerificationJson>;
  /** The rule by which the space keeps superseded versions. */
  retention(): Promise<RetentionJson>;
  /** Sets that rule. */
  setRetention(rule: RetentionRule): Promise<RetentionJson>;
  /** What clients of the space do about conflicts, as far as they do not know better. */
  conflictRules(): Promise<ConflictRulesJson>;
  /** Sets that. */
  setConflictRules(rules: ConflictRules): Promise<ConflictRulesJson>;
}

/** Which store is meant: that of a running server, or a data folder that no server holds. */
export interface MaintenanceOptions extends KnownServerOptions {
  /** Path of the data folder; the server's, unless given. */
  readonly dataFolder?: string | undefined;
}

/** How long a server may take to read its whole store, in milliseconds, whatever is set for other requests. */
const replyMsMax: number = 48 * 60 * 60 * 1000;
/** The longest answer that is read, in bytes. */
const answerBytesMax: number = 256 * 1024 * 1024;

/**
 * Reaches the store that is meant.
 *
 * @throws {Failure} if no server is known, or the data folder is none or is in use.
 */
export async function openMaintenance(options: MaintenanceOptions): Promise<Maintenance> {
  const { dataFolder } = options;
  return dataFolder === undefined ? remoteMaintenance(options) : await localMaintenance(dataFolder, options.space);
}

/** What a server is asked. */
interface Question {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
}

function remoteMaintenance(options: KnownServerOptions): Maintenance {
  const { http, origin, space, retry } = knownServer({ ...options, timeoutMs: replyMsMax });
  const ask = async <T>(question: Question, isAnswer: (data: unknown) => data is T): Promise<T> => {
    const { method, path, body } = question;
    const content = body === undefined ? {} : {
      headers: { "Content-Type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(body)),
    };
    const read = (response: ClientResponse) => response.json({ max: answerBytesMax });
    const data = await sendRequest(http, { method, path, ...content }, { origin, retry, read });
    if (isAnswer(data)) return data;
    throw new Failure("unreachable", `What answers at ${origin} is not a dfs server that can do this`);
  };
  const inSpace = `/api/spaces/${encodeURIComponent(space)}`;
  const [retention, conflicts] = [`${inSpace}/retention`, `${inSpace}/conflicts`];
  return {
    collectGarbage: ({ graceMs, dryRun = false }) => {
      const body = { dry_run: dryRun, ...(graceMs === undefined ? {} : { grace_ms: graceMs }) };
      return ask({ method: "POST", path: "/api/gc", body }, isGarbageJson);
    },
    verify: ({ repair = false }) => ask({ method: "POST", path: "/api/verify", body: { repair } }, isVerificationJson),
    retention: () => ask({ method: "GET", path: retention }, isRetentionJson),
    setRetention: (rule) => ask({ method: "PUT", path: retention, body: ruleRequest(rule) }, isRetentionJson),
    conflictRules: () => ask({ method: "GET", path: conflicts }, isConflictRulesJson),
    setConflictRules: (rules) => {
      return ask({ method: "PUT", path: conflicts, body: conflictRulesJson(rules) }, isConflictRulesJson);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(http.close()),
  };
}

async function localMaintenance(folder: string, space = "default"): Promise<Maintenance> {
  if (!isDataFolder(folder)) throw new Failure("not_found", `"${folder}" is not the data folder of a dfs server`);
  await using stack = new AsyncDisposableStack();
  const claimed = stack.use(claimDataFolder(folder));
  const components = [auditComponent(`${claimed.path}/audit.jsonl`)];
  const { events } = stack.use(await startEventSystem({ name: "maintenance", components }));
  const { metadata, chunks } = stack.use(await openStores(claimed.path, events));
  const service = new MaintenanceService({ metadata, chunks, clock: systemClock, events });
  const resources = stack.move();
  return {
    collectGarbage: async (options) => garbageJson(await service.collectGarbage(options)),
    verify: async (options) => verificationJson(await service.verify(options)),
    retention: async () => retentionJson(await service.retention(space)),
    setRetention: async (rule) => retentionJson(await service.setRetention(space, rule)),
    conflictRules: async () => conflictRulesJson(await service.conflictRules(space)),
    setConflictRules: async (rules) => conflictRulesJson(await service.setConflictRules(space, rules)),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
