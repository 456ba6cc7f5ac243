import { count, inPath, inQuery, type Json, operation, type Paths, schemaOf } from "./operation.ts";

const space = inPath("space", "The name of the space");
const object: Json = { type: "object" };

/** The past of a space, and the way back to it. */
export const historyPaths: Paths = {
  "/api/spaces/{space}/history": {
    get: operation("history", {
      summary: "All committed versions of a path, newest first",
      parameters: [
        space,
        inQuery("path", "A path inside the space; the root unless told"),
        inQuery("at", "Only versions made by then: a revision, or a time with its zone (RFC 3339)"),
      ],
      answer: { "application/json": object },
      problems: { 400: "It is no moment", 404: "There is no such space, or it had no revision yet" },
    }),
  },
  "/api/spaces/{space}/revisions": {
    get: operation("history", {
      summary: "The revisions of a space, newest first, by pages",
      parameters: [
        space,
        inQuery("before", "Only those before this one: next_before of the page before", { schema: count }),
        inQuery("limit", "At most so many", {
          schema: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
        }),
      ],
      answer: { "application/json": schemaOf("Revisions") },
      problems: { 400: "A parameter makes no sense", 404: "There is no such space" },
    }),
  },
  "/api/spaces/{space}/restore": {
    post: operation("history", {
      summary: "Bring back what was, as a new revision",
      description: "Changes all of it or nothing, and only if nobody else changed it meanwhile; history stays.",
      parameters: [space],
      body: { "application/json": schemaOf("RestoreRequest") },
      answer: { "application/json": schemaOf("Restored") },
      problems: {
        400: "It is no request to restore, or asks for a version of a folder",
        404: "There is no such space, path, version or revision, or it was not there at that moment",
        409: "Something added since is in the way, or others keep changing the same paths",
      },
    }),
  },
};
