import { entryKinds, syncStatuses } from "../../metadata/mod.ts";
import { sessionStates } from "../../sync/mod.ts";
import { count, type Json, schemaOf, text } from "./operation.ts";

const hash: Json = { type: ["string", "null"], pattern: "^sha256:[0-9a-f]{64}$" };
/** A time. */
export const time: Json = {
  type: ["string", "integer"],
  description: "RFC 3339 with up to nine digits of fraction, or milliseconds since 1970",
};

/** The shapes that operations refer to. */
export const schemas: Readonly<Record<string, Json>> = {
  Problem: {
    type: "object",
    description: "Problem details (RFC 9457)",
    required: ["type", "title", "status"],
    properties: {
      type: text,
      title: text,
      status: count,
      detail: text,
      hint: text,
      errors: {
        type: "array",
        description: "Every mistake by its place: line and column of a text, a JSON pointer",
        items: {
          type: "object",
          required: ["message"],
          properties: {
            code: text,
            message: text,
            line: count,
            column: count,
            pointer: text,
            expected: text,
            hint: text,
          },
        },
      },
    },
  },
  Replica: { type: "object", required: ["node", "version"], properties: { node: text, version: count } },
  NewFile: {
    type: "object",
    required: ["file_path"],
    properties: {
      file_path: text,
      kind: { enum: entryKinds, default: "file" },
      size: { ...count as object, description: "Required of files" },
      hash,
      target: { type: "string", description: "Required of symlinks" },
      modified_time: time,
      mode: { type: "string", pattern: "^0?[0-7]{3,4}$" },
      version: { ...count as object, default: 1 },
      owner: text,
      state: { enum: syncStatuses, default: "pending" },
      replicas: { type: "array", items: schemaOf("Replica") },
    },
  },
  File: {
    type: "object",
    required: ["file_path", "kind", "size", "hash", "modified_time", "mode", "version", "state", "replicas"],
    properties: {
      file_path: text,
      kind: { enum: entryKinds },
      size: count,
      hash,
      target: text,
      modified_time: time,
      mode: text,
      version: count,
      owner: text,
      state: { enum: syncStatuses },
      replicas: { type: "array", items: schemaOf("Replica") },
    },
  },
  Files: {
    type: "object",
    required: ["files"],
    properties: {
      files: { type: "array", items: schemaOf("File") },
      next_cursor: { type: ["string", "null"] },
    },
  },
  Versions: {
    type: "object",
    required: ["versions"],
    properties: {
      versions: {
        type: "array",
        items: {
          allOf: [schemaOf("File"), {
            type: "object",
            properties: { revision: { ...count as object, description: "0 if it was announced" }, at: time },
          }],
        },
      },
    },
  },
  ReplicaReport: {
    type: "object",
    required: ["client", "revision", "root", "direction", "duration_ms"],
    properties: {
      client: { type: "string", pattern: "^[!-~]{1,300}$" },
      revision: count,
      root: { type: "string", pattern: "^(sha256:)?[0-9a-fA-F]{64}$" },
      direction: { enum: ["push", "pull", "sync"] },
      duration_ms: { type: "number", minimum: 0 },
      files_uploaded: count,
      files_downloaded: count,
      files_deleted: count,
      bytes_uploaded: count,
      bytes_downloaded: count,
      session: schemaOf("RunReport"),
    },
  },
  ReplicaFailure: {
    type: "object",
    required: ["client", "failure"],
    properties: {
      client: { type: "string", pattern: "^[!-~]{1,300}$" },
      failure: {
        type: "object",
        required: ["kind", "message"],
        properties: {
          kind: { enum: ["usage", "refused", "not_found", "conflict", "unreachable", "corrupt", "no_space", "io"] },
          message: text,
        },
      },
      session: schemaOf("RunReport"),
    },
  },
  RunReport: {
    type: "object",
    description: "Where a run of a client stands that carries a whole folder",
    required: ["id", "direction", "state", "elapsed_ms"],
    properties: {
      id: { type: "string", pattern: "^[A-Za-z0-9._-]{1,100}$" },
      direction: { enum: ["push", "pull", "sync"] },
      state: { enum: sessionStates },
      elapsed_ms: { type: "number", minimum: 0 },
      files_synced: count,
      bytes_transferred: count,
      uploads: count,
      downloads: count,
      conflicts: count,
      revision: count,
      error: text,
    },
  },
  ReplicaRun: {
    type: "object",
    required: ["client", "session"],
    properties: { client: { type: "string", pattern: "^[!-~]{1,300}$" }, session: schemaOf("RunReport") },
  },
  Revisions: {
    type: "object",
    required: ["revisions", "next_before"],
    properties: {
      revisions: {
        type: "array",
        items: {
          type: "object",
          required: ["revision", "root", "client", "committed_at", "puts", "deletes"],
          properties: { revision: count, root: text, client: text, committed_at: time, puts: count, deletes: count },
        },
      },
      next_before: { type: ["integer", "null"] },
    },
  },
  RestoreRequest: {
    type: "object",
    description: "Either path or all, and either version or at",
    additionalProperties: false,
    properties: {
      path: { type: "string", description: "A file, a link, or a folder with everything in it" },
      all: { type: "boolean", description: "The whole space" },
      version: { type: "integer", minimum: 1, description: "Of a file or a link" },
      at: { type: ["string", "integer"], description: "A revision, or a time with its zone (RFC 3339)" },
      exact: { type: "boolean", description: "Delete what was added since; so it is with all unless told" },
      dry_run: { type: "boolean", default: false, description: "Tell what would change, change nothing" },
      id: { type: "string", description: "Unique; makes it harmless to send the request again" },
      client: { type: "string", default: "restore", description: "Who commits" },
    },
  },
  Restored: {
    type: "object",
    required: ["revision", "root", "source", "dry_run", "repeated", "restored", "deleted", "changes"],
    properties: {
      revision: { ...count as object, description: "The revision made; the newest if nothing differed" },
      root: text,
      source: { ...count as object, description: "The revision whose state was brought back" },
      dry_run: { type: "boolean" },
      repeated: { type: "boolean", description: "Done by an earlier request of this id, which was told the changes" },
      restored: { ...count as object, description: "How many paths were put back" },
      deleted: count,
      changes: {
        type: "array",
        description: "The first thousand",
        items: {
          type: "object",
          required: ["path", "change", "kind"],
          properties: {
            path: text,
            change: { enum: ["added", "modified", "touched", "deleted"] },
            kind: { enum: entryKinds },
            size: count,
            hash: text,
          },
        },
      },
    },
  },
  Space: {
    type: "object",
    required: ["space", "revision", "root"],
    properties: {
      space: text,
      revision: count,
      root: text,
      files: count,
      entries: count,
      bytes: count,
      committedAtMs: count,
      conflicts: {
        type: "object",
        description: "What clients do about conflicts, as far as they do not know better; absent where nothing is said",
      },
    },
  },
};
