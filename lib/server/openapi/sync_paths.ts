import { metadataType } from "../../metadata/binary/mod.ts";
import {
  bytes,
  count,
  inHeader,
  inPath,
  inQuery,
  type Json,
  operation,
  type Paths,
  schemaOf,
  text,
} from "./operation.ts";

const space = inPath("space", "The name of the space");
const noSpace = { 404: "There is no such space" };
const records = { [metadataType]: bytes };
const octets = { "application/octet-stream": bytes };
const object: Json = { type: "object" };
const folder = inQuery("path", "A path inside the space; the root unless told");

/** Spaces, their contents, and the files in them. */
export const syncPaths: Paths = {
  "/api/spaces": {
    get: operation("spaces", {
      summary: "All spaces",
      answer: {
        "application/json": { type: "object", properties: { spaces: { type: "array", items: schemaOf("Space") } } },
      },
    }),
  },
  "/api/spaces/{space}": {
    get: operation("spaces", {
      summary: "Where a space stands",
      parameters: [space],
      answer: { "application/json": schemaOf("Space") },
      problems: noSpace,
    }),
    put: operation("spaces", {
      summary: "Make a space exist",
      parameters: [space],
      answer: { "application/json": schemaOf("Space") },
      problems: { 400: "It is no name for a space" },
    }),
  },
  "/api/spaces/{space}/entries": {
    get: operation("spaces", {
      summary: "Everything in a space",
      parameters: [space],
      answer: records,
      problems: noSpace,
    }),
  },
  "/api/spaces/{space}/changes": {
    get: operation("spaces", {
      summary: "What became of a space since a revision",
      parameters: [space, inQuery("since", "The revision", { schema: count, required: true })],
      answer: records,
      problems: noSpace,
    }),
  },
  "/api/spaces/{space}/list": {
    get: operation("spaces", {
      summary: "What lies in a folder",
      parameters: [space, folder],
      answer: records,
      problems: { 404: "There is no such folder" },
    }),
  },
  "/api/spaces/{space}/directories": {
    post: operation("spaces", {
      summary: "What lies in some folders, each folder with the Merkle hash of what lies in it",
      parameters: [space],
      body: {
        "application/json": {
          type: "object",
          required: ["directories"],
          properties: { directories: { type: "array", items: text, maxItems: 4096 } },
        },
      },
      answer: records,
      problems: { ...noSpace, 400: "It is no list of paths" },
    }),
  },
  "/api/spaces/{space}/manifests": {
    post: operation("spaces", {
      summary: "The chunk lists of contents, named by 32 bytes each",
      parameters: [space],
      body: octets,
      answer: records,
      problems: { 400: "It is no list of hashes" },
    }),
  },
  "/api/spaces/{space}/commits": {
    post: operation("spaces", {
      summary: "Apply a commit whole or not at all",
      parameters: [space],
      body: records,
      answer: { "application/json": object },
      problems: { ...noSpace, 400: "It is no commit", 409: "Paths changed meanwhile", 422: "Chunks are not stored" },
    }),
  },
  "/api/spaces/{space}/replicas": {
    post: operation("spaces", {
      summary: "Tell that a client was brought into step with the space, what went wrong, or where its run stands",
      parameters: [space],
      body: { "application/json": { oneOf: ["ReplicaReport", "ReplicaFailure", "ReplicaRun"].map(schemaOf) } },
      success: [204],
      problems: {
        ...noSpace,
        400: "It is no report",
        409: "The space had another root at that revision, or the session is another client's",
      },
    }),
  },
  "/api/spaces/{space}/chunks": {
    post: operation("chunks", {
      summary: "Store chunks",
      parameters: [space],
      body: octets,
      answer: { "application/json": object },
      problems: { 422: "A chunk is not what its name says" },
    }),
  },
  "/api/spaces/{space}/chunks/lacking": {
    post: operation("chunks", {
      summary: "Which chunks are not stored: one bit a hash",
      parameters: [space],
      body: octets,
      answer: octets,
    }),
  },
  "/api/spaces/{space}/chunks/fetch": {
    post: operation("chunks", {
      summary: "Fetch chunks",
      parameters: [space],
      body: octets,
      answer: octets,
      problems: { 404: "Chunks are not stored: `chunks` names them", 500: "Chunks are damaged: `chunks` names them" },
    }),
  },
  "/api/spaces/{space}/chunks/signatures": {
    post: operation("chunks", {
      summary: "The names of the pieces that stored chunks are cut into",
      parameters: [space],
      body: octets,
      answer: octets,
      problems: { 400: "It is no list of hashes", 413: "There are too many" },
    }),
  },
  "/api/spaces/{space}/chunks/signatures/pieces": {
    post: operation("chunks", {
      summary: "The names of the finer pieces that some of those are cut into",
      parameters: [space],
      body: octets,
      answer: octets,
      problems: { 400: "It does not say which pieces" },
    }),
  },
  "/api/spaces/{space}/chunks/deltas": {
    post: operation("chunks", {
      summary: "Store chunks that are told by their difference to stored ones: one bit a chunk that must be sent whole",
      parameters: [space],
      body: octets,
      answer: octets,
      problems: { 400: "It does not say which chunks", 422: "It is no delta" },
    }),
  },
  "/api/spaces/{space}/chunks/deltas/fetch": {
    post: operation("chunks", {
      summary: "How to make chunks of others that the client has",
      parameters: [space],
      body: octets,
      answer: octets,
      problems: { 400: "It does not say which chunks" },
    }),
  },
  "/api/file/download/{path}": {
    get: operation("files", {
      summary: "The bytes of a file, whole or in ranges",
      parameters: [
        inPath("path", "The path inside the space; it may have slashes"),
        inQuery("space", "The space; default unless told"),
        inQuery("version", "An earlier version", { schema: count }),
        inQuery("session_id", "The session whose download it is; it is in that session's space"),
        inQuery("at", "The version of that moment: a revision, or a time with its zone (RFC 3339)"),
        inHeader("Range", "The bytes that are wanted"),
        inHeader("If-None-Match", "An ETag that is known already"),
      ],
      answer: octets,
      success: [200, 206],
      problems: { 404: "There is no such file", 416: "There are no such bytes" },
    }),
  },
  "/api/sync/overview": {
    get: operation("monitoring", {
      summary: "Spaces, sessions and replicas as they are now",
      answer: { "application/json": object },
    }),
  },
  "/api/events": {
    get: operation("monitoring", {
      summary: "Events as they happen, as server-sent events",
      parameters: [
        inQuery("type", "Only events of this type or group, such as file.*; repeatable"),
        inQuery("space", "Only events of this space"),
        inQuery("since", "Begin behind this event"),
        inQuery("follow", "false ends when all that is held was given", { schema: { type: "boolean" } }),
        inHeader("Last-Event-ID", "Resume behind this event"),
      ],
      answer: { "text/event-stream": text },
    }),
  },
  "/api/openapi.json": {
    get: operation("monitoring", { summary: "This document", answer: { "application/json": object } }),
  },
};
