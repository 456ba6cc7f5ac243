import { acceptsEncodings } from "@std/http";
import { type CodingName, codingNames, encodeBytes, encodePieces } from "./content_codings.ts";
import { FileBody } from "./file_body.ts";
import type { Middleware } from "./middleware.ts";
import { ownedPieces } from "./owned_pieces.ts";
import { responseField } from "./response_head.ts";
import { dropBody } from "./response_writer.ts";
import type { HttpRequest, HttpResponse, ResponseHeaders } from "./types.ts";

/** Options of {@linkcode compress}. */
export interface CompressOptions {
  /** Content of fewer bytes is sent as it is; 1024 unless given. */
  readonly bytesMin?: number;
  /** Media types that are compressed although they are not text. */
  readonly types?: readonly string[];
}

const bytesMinDefault = 1024;
const encoder = new TextEncoder();

/**
 * Middleware that sends content compressed as the client accepts it (RFC 9110 section 12.5.3): zstd, brotli or gzip, for
 * media types that are text and those named, from a size on.
 *
 * Left alone are parts (206), content that has a `Content-Encoding`, event streams, and `Cache-Control: no-transform`.
 * An entity tag becomes weak, since the bytes are no longer those it was made of (section 8.8.1).
 */
export function compress(options: CompressOptions = {}): Middleware {
  const { bytesMin = bytesMinDefault, types = [] } = options;
  return async (request, next) => {
    const response = await next(request);
    if (!isCompressible(response, { bytesMin, types })) return response;
    const coding = negotiate(request);
    const headers = withField(response.headers, "Vary", "Accept-Encoding");
    if (coding === undefined) return { ...response, headers };
    const coded = { status: response.status, headers: codedFields(headers, coding) };
    if (request.method !== "HEAD") return { ...coded, ...await encodeBody(response, coding) };
    dropBody(response.body);
    return coded;
  };
}

/** The coding that the client likes best of those we have. */
function negotiate(request: HttpRequest): CodingName | undefined {
  const value = request.headers.get("accept-encoding");
  if (value === undefined) return undefined;
  const headers = new Headers({ "accept-encoding": value });
  const chosen = acceptsEncodings({ headers }, ...codingNames, "identity");
  return codingNames.find((name) => name === chosen);
}

function isCompressible(response: HttpResponse, { bytesMin, types }: Required<CompressOptions>): boolean {
  const { status, headers, body } = response;
  if (body === undefined || status === 206 || status === 204 || status === 304) return false;
  const size = typeof body === "string" || body instanceof Uint8Array || body instanceof FileBody
    ? body.length
    : Number(responseField(headers, "content-length") ?? Infinity);
  if (size < bytesMin) return false;
  if (responseField(headers, "content-encoding") !== undefined) return false;
  if (responseField(headers, "cache-control")?.includes("no-transform")) return false;
  const type = (responseField(headers, "content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  return types.includes(type) || isTextual(type);
}

function isTextual(type: string): boolean {
  if (type === "text/event-stream") return false;
  return type.startsWith("text/") || /^(application|image)\/(.*\+)?(json|xml|javascript|yaml)$/.test(type);
}

async function encodeBody(response: HttpResponse, coding: CodingName): Promise<Pick<HttpResponse, "body">> {
  const { body } = response;
  if (typeof body === "string") return { body: await encodeBytes(coding, encoder.encode(body)) };
  if (body instanceof Uint8Array) return { body: await encodeBytes(coding, body) };
  if (body instanceof FileBody) return { body: ownedPieces(encodePieces(coding, body), body) };
  return body === undefined ? {} : { body: encodePieces(coding, body) };
}

/** The fields of the encoded response; its length shows only when it is written. */
function codedFields(headers: readonly (readonly [string, string])[], coding: CodingName) {
  const kept = headers.filter(([name]) => !["content-length", "accept-ranges"].includes(name.toLowerCase()));
  const weak = kept.map(([name, value]): readonly [string, string] =>
    name.toLowerCase() === "etag" && !value.startsWith("W/") ? [name, `W/${value}`] : [name, value]
  );
  return [...weak, ["Content-Encoding", coding] as const];
}

function withField(headers: ResponseHeaders | undefined, name: string, value: string): [string, string][] {
  const pairs: [string, string][] = [];
  const given = headers === undefined ? [] : isPairs(headers) ? headers : Object.entries(headers);
  for (const [field, values] of given) for (const line of [values].flat()) pairs.push([field, line]);
  return [...pairs, [name, value]];
}

function isPairs(headers: ResponseHeaders): headers is readonly (readonly [string, string])[] {
  return Array.isArray(headers);
}
