import { sessionStates } from "../../sync/mod.ts";
import { count, inQuery, type Json, operation, type Paths, schemaOf, text } from "./operation.ts";
import { time } from "./schemas.ts";

const hash: Json = { type: "string", pattern: "^(sha256:)?[0-9a-fA-F]{64}$" };
const paths: Json = { type: "array", items: text };
const numbers: Json = { type: "array", items: count };

const localFile: Json = {
  type: "object",
  required: ["file_path", "hash", "size"],
  properties: {
    file_path: text,
    hash,
    size: count,
    version: { ...count as object, default: 0, description: "The version it goes back to; 0 if it is new" },
    modified_time: time,
    mode: text,
  },
};

const serverFile: Json = {
  type: "object",
  required: ["file_path", "hash", "size", "version", "modified_time"],
  properties: {
    file_path: text,
    hash: text,
    size: count,
    version: count,
    modified_time: time,
  },
};

const session: Json = {
  type: "object",
  required: ["session_id", "state", "files_synced", "bytes_transferred", "started_at", "last_error"],
  properties: {
    session_id: text,
    state: { enum: sessionStates },
    files_synced: count,
    bytes_transferred: count,
    started_at: text,
    last_error: { type: ["string", "null"] },
    client_id: text,
    space: text,
    active_at: { type: "string", description: "When anything was heard of it last" },
    kind: { enum: ["api", "client"], description: "client: a run of dfs itself, which carries a whole folder" },
    direction: { enum: ["push", "pull", "sync"], description: "Of a run of dfs itself" },
    pending_uploads: paths,
    pending_downloads: paths,
    pending_deletes: paths,
    revision: { ...count as object, description: "Of a complete session: where its space stood then" },
  },
};

/** What each call about a session may answer besides success. */
const problems = {
  400: "A member is missing or makes no sense; errors tells each with its place",
  404: "There is no such session",
  410: "The session expired",
};

/** What people and scripts synchronize by. */
export const sessionPaths: Paths = {
  "/api/register": {
    post: operation("sessions", {
      summary: "Get a client id",
      body: json(["client_name"], { client_name: text, platform: text }),
      answer: json(["client_id"], { client_id: text, client_name: text, platform: text, registered_at: text }),
      problems: { 400: problems[400], 429: "There are too many clients" },
    }),
  },
  "/api/sync/start": {
    post: operation("sessions", {
      summary: "Begin a session with a space",
      body: json(["client_id"], { client_id: text, space: { type: "string", default: "default" } }),
      answer: json(["session_id", "server_snapshot"], {
        session_id: text,
        client_id: text,
        space: text,
        revision: count,
        server_snapshot: { type: "array", items: serverFile },
      }),
      problems: { 400: problems[400], 404: "There is no such client or space", 429: "There are too many sessions" },
    }),
  },
  "/api/sync/diff": {
    post: operation("sessions", {
      summary: "Compare what the client has with what the server has",
      description: "May be repeated; the last answer holds.",
      body: json(["session_id", "local_snapshot"], {
        session_id: text,
        local_snapshot: { type: "array", items: localFile },
        declined_downloads: {
          description: "What the client does not want: true for all",
          oneOf: [paths, { const: true }],
        },
        confirm_deletes: { ...count as object, description: "How many deletions on the server are meant" },
      }),
      answer: json(["files_to_upload", "files_to_download", "files_to_delete_remote"], {
        session_id: text,
        state: text,
        files_to_upload: paths,
        files_to_download: paths,
        files_to_delete_remote: paths,
        files_to_delete_local: paths,
        conflicts: {
          type: "array",
          items: { type: "object", properties: { file_path: text, copy_path: text } },
        },
      }),
      problems: {
        ...problems,
        409: "The session is over, or it would delete many files and confirm_deletes does not say so",
        413: "There are too many files",
      },
    }),
  },
  "/api/file/upload_chunk": {
    post: operation("sessions", {
      summary: "Send a chunk of a file, in any order, as often as need be",
      body: json(["session_id", "file_path", "chunk_index", "total_chunks", "data", "chunk_hash"], {
        session_id: text,
        file_path: text,
        chunk_index: count,
        total_chunks: { type: "integer", minimum: 1, maximum: 10_000 },
        data: { type: "string", description: "The bytes as hexadecimal digits, up to 4 MiB of them" },
        chunk_hash: hash,
      }),
      answer: json(["received", "missing"], { received: numbers, missing: numbers }),
      problems: {
        ...problems,
        409: "The session does not expect the file",
        413: "The chunk is too large, or there are too many",
        422: "The bytes have another hash",
        429: "Too many files are unfinished",
      },
    }),
  },
  "/api/file/upload_complete": {
    post: operation("sessions", {
      summary: "Commit a file all of whose chunks were sent",
      body: json(["session_id", "file_path", "expected_hash"], {
        session_id: text,
        file_path: text,
        expected_hash: hash,
      }),
      answer: {
        "application/json": {
          allOf: [schemaOf("File"), {
            type: "object",
            properties: {
              conflict: {
                type: "object",
                description: "There if the path changed meanwhile and the content was kept beside it",
                properties: { file_path: text, copy_path: text },
              },
            },
          }],
        },
      },
      success: [200, 201],
      problems: {
        ...problems,
        409: "Chunks are missing (missing tells which), or the session does not expect the file",
        422: "The whole has another hash",
      },
    }),
  },
  "/api/sync/status": {
    get: operation("sessions", {
      summary: "Where a session stands, or where all of them do",
      description:
        "Without session_id it lists the sessions that were heard of within a week, those of this API and the " +
        "last run of each client that carries whole folders, the one heard of last first.",
      parameters: [
        inQuery("session_id", "The session; all of them unless told"),
        inQuery("space", "Of all: only those about this space"),
        inQuery("client_id", "Of all: only those of this client"),
        inQuery("limit", "Of all: at most so many", { schema: { type: "integer", minimum: 1, maximum: 1000 } }),
      ],
      answer: {
        "application/json": {
          oneOf: [session, {
            type: "object",
            required: ["sessions"],
            properties: { sessions: { type: "array", items: session } },
          }],
        },
      },
      problems,
    }),
  },
};

/** The schema of a JSON object. */
function json(required: readonly string[], properties: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return { "application/json": { type: "object", required, properties } };
}
