import { conflictPolicies, conflictRulesBytesMax } from "../../metadata/mod.ts";
import { count, inPath, type Json, operation, type Paths, text } from "./operation.ts";

const space = inPath("space", "The name of the space");
const noSpace = { 404: "There is no such space" };
const unlimited: Json = { type: ["integer", "null"], minimum: 0, description: "null keeps without limit" };

function object(properties: Readonly<Record<string, Json>>): Json {
  return { type: "object", properties };
}

const retention = object({ keep_versions: unlimited, keep_for_ms: unlimited, oldest_whole_revision: count });
const policy: Json = { enum: conflictPolicies };
const conflictRules: Json = {
  type: "object",
  required: ["rules", "default"],
  description: `At most ${conflictRulesBytesMax} bytes`,
  properties: {
    rules: {
      type: "array",
      description:
        "The first whose pattern matches a path decides; patterns with a slash match whole paths, others names",
      items: { type: "object", required: ["pattern", "policy"], properties: { pattern: text, policy } },
    },
    default: { oneOf: [policy, { type: "null" }], description: "Where no pattern matches; null leaves it to clients" },
  },
};
const version = object({ space: text, path: text, version: count, live: { type: "boolean" } });

/** What keeps the store of a server in order. */
export const maintenancePaths: Paths = {
  "/api/gc": {
    post: operation("maintenance", {
      summary: "Remove versions that no rule keeps, and content that no version names",
      body: { "application/json": object({ grace_ms: count, dry_run: { type: "boolean", default: false } }) },
      answer: {
        "application/json": object({
          dry_run: { type: "boolean" },
          versions_removed: count,
          chunks_condemned: { ...count as object, description: "To be removed when the grace is over" },
          chunks_spared: count,
          chunks_removed: count,
          bytes_freed: { type: "integer" },
          duration_ms: count,
        }),
      },
      problems: { 400: "It is no such request", 409: "Garbage is being collected already" },
    }),
  },
  "/api/verify": {
    post: operation("maintenance", {
      summary: "Read everything that is stored, and tell what is wrong with it",
      body: { "application/json": object({ repair: { type: "boolean", default: false } }) },
      answer: {
        "application/json": object({
          chunks: count,
          quarantined: count,
          duration_ms: count,
          damage: {
            type: "array",
            items: object({
              chunk: { type: ["string", "null"] },
              problem: text,
              versions: { type: "array", items: version },
            }),
          },
        }),
      },
      problems: { 400: "It is no such request" },
    }),
  },
  "/api/spaces/{space}/retention": {
    get: operation("maintenance", {
      summary: "By which rule the space keeps superseded versions",
      parameters: [space],
      answer: { "application/json": retention },
      problems: noSpace,
    }),
    put: operation("maintenance", {
      summary: "Set the rule by which the space keeps superseded versions",
      parameters: [space],
      body: { "application/json": object({ keep_versions: unlimited, keep_for_ms: unlimited }) },
      answer: { "application/json": retention },
      problems: { ...noSpace, 400: "It is no rule" },
    }),
  },
  "/api/spaces/{space}/conflicts": {
    get: operation("maintenance", {
      summary: "What clients of the space do about conflicts, as far as they do not know better",
      parameters: [space],
      answer: { "application/json": conflictRules },
      problems: noSpace,
    }),
    put: operation("maintenance", {
      summary: "Set what clients of the space do about conflicts",
      parameters: [space],
      body: { "application/json": conflictRules },
      answer: { "application/json": conflictRules },
      problems: { ...noSpace, 400: "There is no such policy, or nothing matches a pattern" },
    }),
  },
  "/api/spaces/{space}/damage": {
    get: operation("maintenance", {
      summary: "The chunks that the files of the space need and the server cannot give",
      parameters: [space],
      answer: {
        "application/json": object({
          damage: { type: "array", items: object({ chunk: text, paths: { type: "array", items: text } }) },
        }),
      },
      problems: noSpace,
    }),
  },
};
