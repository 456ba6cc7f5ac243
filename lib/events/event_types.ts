import type { Correlation } from "./correlation.ts";
import {
  type EventDeclaration,
  type Fields,
  integer,
  type Level,
  number,
  oneOf,
  optional,
  type PayloadOf,
  text,
} from "./event_schema.ts";

const space = text("name of the space");
const path = text("path inside the space");
const session = text("id of the session");
const client = text("id of the client that acted");
const size = integer("size of the content in bytes");
const hash = text("SHA-256 of the content, 64 hexadecimal digits");
const revision = integer("revision of the space");
const durationMs = number("how long it took, in milliseconds");
const error = text("what went wrong: one sentence, without secrets");
const kind = oneOf(["file", "directory", "symlink"], "what the entry is");
const address = optional(text("network address of the other side"));

/**
 * Every event there is: when it happens and what it carries. The types of handlers, the JSON form, the checks of what
 * arrives from elsewhere, the levels of the log and the documentation are all derived from this table.
 */
export const eventTypes = {
  "file.added": declare("debug", "A commit brought an entry that was not there", {
    space,
    path,
    kind,
    size,
    hash: optional(hash),
    revision,
  }),
  "file.modified": declare("debug", "A commit changed an entry", {
    space,
    path,
    kind,
    size,
    hash: optional(hash),
    revision,
  }),
  "file.deleted": declare("debug", "A commit removed an entry; its content stays in history", {
    space,
    path,
    revision,
  }),

  "sync.started": declare("info", "A client began to synchronize", {
    space,
    direction: oneOf(["push", "pull", "sync"], "which way content moves"),
  }),
  "sync.completed": declareAudited("info", "A client finished: it and the server were proven equal at the revision", {
    space,
    revision,
    durationMs,
    direction: optional(oneOf(["push", "pull", "sync"], "which way content moved")),
    filesUploaded: optional(integer("files sent to the server")),
    filesDownloaded: optional(integer("files taken from the server")),
    filesDeleted: optional(integer("entries removed on either side")),
    bytesUploaded: optional(integer("bytes of content sent to the server")),
    bytesDownloaded: optional(integer("bytes of content taken from the server")),
    conflicts: optional(integer("paths that were changed on both sides")),
  }),
  "sync.failed": declare("warn", "A client gave up; what arrived so far is kept", {
    space,
    error,
    kind: optional(text("what kind of trouble it is: `refused`, `unreachable`, `no_space`, ...")),
  }),

  "conflict.detected": declare("warn", "A path was changed on both sides since they last agreed", {
    space,
    path,
    policy: text("the policy that decides it"),
  }),
  "conflict.policies_changed": declareAudited("info", "What clients of a space do about conflicts was set", {
    space,
    policies: text("the policies as people write them, such as `*.md=merge,manual`; empty if none"),
  }),
  "conflict.resolved": declareAudited("info", "A conflict was decided", {
    space,
    path,
    resolution: text("what was done: which side won, or merged, or both kept"),
    copy: optional(text("path of the visible copy of the other content")),
  }),

  "upload.started": declare(
    "debug",
    "The first part of a file that is sent chunk by chunk arrived; in bulk, chunks come before any path is told",
    {
      space,
      path,
      size: optional(size),
      chunks: optional(integer("how many chunks the file has")),
    },
  ),
  "upload.chunk_received": declare("debug", "A chunk arrived and its hash was right", {
    hash,
    size,
    index: optional(integer("place of the chunk in the file, from 0")),
  }),
  "upload.chunks_received": declare("debug", "Chunks arrived in one frame, and all of their hashes were right", {
    chunks: integer("how many; each may be told of by `upload.chunk_received`"),
    size: integer("bytes of all of them"),
  }),
  "upload.completed": declare(
    "debug",
    "A commit brought a file whose content was not at its path before: all of it is stored",
    { space, path, size, hash },
  ),
  "download.started": declare("debug", "A client asked for a file, or a part of it, by its path", {
    space,
    path,
    size: optional(size),
  }),
  "download.completed": declare("debug", "The last byte of a file, or of its last part, was handed to the network", {
    space,
    path,
    size,
  }),

  "client.registered": declareAudited("info", "A client was given an id", {
    client,
    name: text("the name the client chose"),
    platform: optional(text("the client's operating system")),
  }),
  "session.state_changed": declare("debug", "A session went from one state to another", {
    session,
    from: text("state before"),
    to: text("state after"),
    error: optional(error),
  }),
  "commit.applied": declareAudited("info", "A commit made a new revision", {
    space,
    revision,
    added: integer("entries added"),
    modified: integer("entries changed"),
    deleted: integer("entries removed"),
    uploads: optional(integer("files whose content was not at their path before")),
    bytes: integer("bytes of content the commit names"),
    durationMs: optional(durationMs),
  }),

  "server.started": declareAudited("info", "The server accepts connections", {
    url: text("where it listens"),
    server: text("which server: serial, pool or async"),
    version: text("version of the program"),
  }),
  "server.stopping": declareAudited("info", "The server accepts no more connections and finishes what it has", {
    reason: text("why: a signal, or a call"),
  }),
  "http.request_completed": declare("debug", "The answer to a request was handed to the network", {
    method: text("request method"),
    route: text("pattern of the route, not the path: it names no file"),
    status: integer("status code"),
    durationMs,
    bytes: integer("bytes of the answer's body"),
  }),

  "security.auth_failed": declareAudited("warn", "Somebody came without a valid token", {
    reason: text("what was wrong with it, never the token itself"),
    route: optional(text("pattern of the route")),
    address,
  }),
  "security.access_denied": declareAudited("warn", "A valid token lacked the right", {
    right: text("the right that was needed"),
    tokenId: optional(text("id of the token, never the token itself")),
    address,
  }),
  "security.rate_limited": declareAudited("warn", "Somebody came too often and was sent away", {
    limit: text("name of the limit"),
    retryAfterMs: optional(number("when to come again, in milliseconds")),
    address,
  }),
  "security.request_refused": declareAudited("warn", "Somebody sent what no client of this server sends", {
    reason: text("what it is: `foreign_host`, `foreign_page`, `unsafe_path`, `bad_chunks` or `bad_commit`"),
    detail: text("what the answer said"),
    untold: optional(integer("how many before it were refused for the same reason and not told of")),
    address,
  }),
  "security.token_issued": declareAudited("info", "A token was made", {
    tokenId: text("id of the token, never the token itself"),
    rights: text("what it allows"),
  }),
  "security.token_revoked": declareAudited("info", "A token was made invalid", {
    tokenId: text("id of the token, never the token itself"),
  }),

  "storage.pack_sealed": declare("debug", "A pack file is full; nothing more is added to it", {
    pack: text("name of the pack"),
    chunks: integer("chunks in it"),
    bytes: integer("its size in bytes"),
  }),
  "storage.corruption_found": declareAudited("error", "Stored bytes are not what they must be", {
    object: text("the pack, chunk or record concerned"),
    error,
  }),
  "storage.gc_completed": declareAudited("info", "Content that nothing names any more was removed", {
    chunksRemoved: integer("chunks removed"),
    bytesFreed: integer("bytes given back"),
    durationMs,
  }),

  "storage.history_pruned": declareAudited("info", "Versions were removed that the rule of the space does not keep", {
    space,
    versions: integer("how many versions were removed"),
  }),
  "storage.retention_changed": declareAudited("info", "The rule was set by which a space keeps superseded versions", {
    space,
    keepVersions: optional(integer("how many of the newest versions of each path are kept")),
    keepForMs: optional(integer("how long a version is kept after it was superseded, in milliseconds")),
  }),

  "bus.handler_failed": declare("error", "A handler threw or rejected; the other handlers were called all the same", {
    event: text("type of the event it was called with"),
    eventId: integer("id of that event"),
    handler: text("name of the handler"),
    error,
  }),
} as const;

/** The name of a type of event: `group.what_happened`. */
export type EventType = keyof typeof eventTypes;

/** The payload of each type of event. */
export type EventMap = {
  readonly [T in EventType]: PayloadOf<(typeof eventTypes)[T]["fields"]> & Correlation;
};

/** One event: what happened, when, where and to what. */
export interface DfsEvent<T extends EventType = EventType> {
  /** What happened. */
  readonly type: T;
  /** Grows by at least one from event to event of the same origin; with `origin` it names the event. */
  readonly id: number;
  /** When, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  /** Name of the bus that made it. */
  readonly origin: string;
  /** What it carries, with what ties it to a space, a session, a client and a path. */
  readonly detail: EventMap[T];
}

/** Any event, as a union by `type`: comparing `type` narrows `detail`. */
export type AnyEvent = { [T in EventType]: DfsEvent<T> }[EventType];

function declare<F extends Fields>(level: Level, doc: string, fields: F): EventDeclaration<F> {
  return { doc, level, audit: false, fields };
}

function declareAudited<F extends Fields>(level: Level, doc: string, fields: F): EventDeclaration<F> {
  return { doc, level, audit: true, fields };
}
