import { accepts } from "@std/http";
import { parseSafePath, type SafePath } from "../core/mod.ts";
import { encodeMetadata, metadataType } from "../metadata/binary/mod.ts";
import { printMetadata } from "../metadata/ddl/mod.ts";
import { fileJson } from "../metadata/json/mod.ts";
import type { FileMetadata } from "../metadata/mod.ts";
import { HttpError, type HttpRequest, type HttpResponse, json } from "../network/mod.ts";

/** The media type of the metadata language, and the two that name it by its family. */
export const ddlTypes = ["application/x-dfs-ddl", "text/yaml", "application/yaml"] as const;

/** Every media type in which metadata is taken and given, the preferred one first. */
export const metadataTypes: readonly string[] = ["application/json", ...ddlTypes, metadataType];

/** How an answer with metadata is given. */
export interface AnswerOptions {
  /** 200 unless told. */
  readonly status?: number;
  /** Whether JSON is `{"files": [...]}` rather than one object. */
  readonly several: boolean;
  /** Further members of that JSON. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The form in which a client wants metadata (RFC 9110 section 12.5.1); throws a 406 if it wants none of ours. */
export function wantedForm(request: HttpRequest, types: readonly string[] = metadataTypes): string {
  const accept = request.headers.get("accept");
  if (accept === undefined) return types[0]!;
  const form = accepts({ headers: new Headers({ accept }) }, ...types);
  if (form !== undefined) return form;
  throw new HttpError(406, `Metadata comes as ${types.join(", ")}`);
}

/** Answers with metadata in the form that the client wants. */
export function metadataAnswer(
  request: HttpRequest,
  files: readonly FileMetadata[],
  options: AnswerOptions,
): HttpResponse {
  const form = wantedForm(request);
  const status = options.status ?? 200;
  const headers = { ...options.headers, Vary: "Accept" };
  if (form === "application/json") {
    const all = files.map(fileJson);
    return json(options.several ? { files: all, ...options.members } : all[0], { status, headers });
  }
  const typed = { ...headers, "Content-Type": form };
  if (form !== metadataType) return { status, headers: typed, body: printMetadata(files) };
  return { status, headers: typed, body: ReadableStream.from(encodeMetadata(files)) };
}

/** The entity tag of metadata: its version, and behind it how it stands unless that is synced. */
export function etagOf({ version, syncState }: FileMetadata): string {
  return syncState.status === "synced" ? `"${version}"` : `"${version}-${syncState.status}"`;
}

/** Where a page ended, as clients pass it back. */
export function cursorText(path: SafePath): string {
  return new TextEncoder().encode(path).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Reads a cursor; throws a 400 for what no page gave. */
export function readCursor(text: string): SafePath {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const path = parseSafePath(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (path.ok) return path.value;
  } catch {
    // Not base64, or not UTF-8.
  }
  throw new HttpError(400, `No page gave the cursor ${JSON.stringify(text)}`, {
    extensions: { hint: "Pass next_cursor of the page before as it is" },
  });
}
