import { metadataType } from "../../metadata/binary/mod.ts";
import { syncStatuses } from "../../metadata/mod.ts";
import { ddlTypes } from "../metadata_forms.ts";
import { bytes, inHeader, inPath, inQuery, type Json, operation, type Paths, schemaOf, text } from "./operation.ts";

const space = inQuery("space", "The space; default unless told");
const path = inPath("path", "The path inside the space; it may have slashes");
const ifMatch = inHeader("If-Match", "The version that is meant, as ETag gives it");
const badMetadata = { 400: "The metadata has mistakes; errors tells each with its place", 415: "The form is unknown" };

/** The same in all forms. */
function inEveryForm(schema: Json): Readonly<Record<string, Json>> {
  const ddl = Object.fromEntries(ddlTypes.map((type) => [type, text]));
  return { "application/json": schema, ...ddl, [metadataType]: bytes };
}

const oneOrMore: Json = {
  oneOf: [schemaOf("NewFile"), {
    type: "object",
    properties: { files: { type: "array", items: schemaOf("NewFile") } },
  }],
};

/** The metadata of paths. */
export const metadataPaths: Paths = {
  "/api/metadata/add": {
    post: operation("metadata", {
      summary: "Announce paths of which nothing is known, all or none",
      parameters: [space],
      body: inEveryForm(oneOrMore),
      answer: inEveryForm({ oneOf: [schemaOf("File"), schemaOf("Files")] }),
      success: [200, 201],
      problems: { ...badMetadata, 404: "There is no such space", 409: "Something else is known of a path" },
    }),
  },
  "/api/metadata/list": {
    get: operation("metadata", {
      summary: "List what is known, in the order of folder and name, by pages",
      parameters: [
        inQuery("prefix", "What the paths begin with"),
        inQuery("state", "Only paths that stand so", { schema: { enum: syncStatuses } }),
        inQuery("glob", "A pattern for whole paths: * and ? within a name, ** for any folders"),
        inQuery("limit", "At most so many", {
          schema: { type: "integer", minimum: 1, maximum: 10_000, default: 1000 },
        }),
        inQuery("cursor", "next_cursor of the page before"),
        space,
      ],
      answer: inEveryForm(schemaOf("Files")),
      problems: { 400: "A parameter makes no sense", 404: "There is no such space", 406: "No form is acceptable" },
    }),
  },
  "/api/metadata/get/{path}": {
    get: operation("metadata", {
      summary: "What is known of a path",
      parameters: [path, space, inHeader("If-None-Match", "An ETag that is known already")],
      answer: inEveryForm(schemaOf("File")),
      problems: { 400: "The path is not safe", 404: "Nothing is known of the path", 406: "No form is acceptable" },
    }),
    put: operation("metadata", {
      summary: "Change what is known of a path, or announce it",
      description: "Times and permissions of what is stored are committed; other content is announced.",
      parameters: [path, space, ifMatch],
      body: inEveryForm(schemaOf("NewFile")),
      answer: inEveryForm(schemaOf("File")),
      success: [200, 201],
      problems: { ...badMetadata, 404: "There is no such space", 412: "The path is at another version" },
    }),
    delete: operation("metadata", {
      summary: "Take back what was announced of a path, or commit that it is gone",
      parameters: [path, space, ifMatch],
      success: [204],
      problems: {
        404: "Nothing is known of the path",
        409: "The folder is not empty",
        412: "The path is at another version",
      },
    }),
  },
  "/api/metadata/history/{path}": {
    get: operation("metadata", {
      summary: "All versions of a path, newest first",
      parameters: [path, space],
      answer: { "application/json": schemaOf("Versions"), [metadataType]: bytes },
      problems: { 404: "There never was such a path", 406: "No form is acceptable" },
    }),
  },
};
