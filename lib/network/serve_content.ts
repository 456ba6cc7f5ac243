import { type ByteRange, parseByteRanges } from "./byte_ranges.ts";
import { contentPart, contentRange, type ContentSource } from "./content_part.ts";
import { FileBody } from "./file_body.ts";
import { multipartRanges } from "./multipart_ranges.ts";
import { evaluatePreconditions, rangeApplies, type Validators } from "./preconditions.ts";
import { problem } from "./responses.ts";
import { dropBody } from "./response_writer.ts";
import type { HttpRequest, HttpResponse } from "./types.ts";

/** Content that is there as a whole, so that any part of it can be sent. */
export interface Content extends Validators {
  /** The bytes, an open file, or where any part of them can be had. */
  readonly body: Uint8Array | FileBody | ContentSource;
  /** Media type. */
  readonly contentType: string;
  /** Further header fields. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers GET and HEAD with content, or with the part of it that was asked for: preconditions (RFC 9110 section 13),
 * one range as 206, several as `multipart/byteranges`, 416 if none lies within (section 14).
 *
 * @example
 * ```ts
 * import { serveContent } from "./serve_content.ts";
 * import { Router } from "./router.ts";
 *
 * const body = new TextEncoder().encode("some text");
 * new Router().get("/text", (request) => serveContent(request, { body, contentType: "text/plain", etag: '"1"' }));
 * ```
 */
export function serveContent(request: HttpRequest, content: Content): HttpResponse {
  const { body, contentType } = content;
  const headers = { ...content.headers, ...validatorFields(content), "Accept-Ranges": "bytes" };
  const refused = evaluatePreconditions(request, content);
  if (refused !== undefined) {
    if (body instanceof FileBody) dropBody(body);
    return refused === 304 ? { status: 304, headers } : problem(412, "The resource is not in the state you named");
  }
  const size = body.length;
  const ranges = requestedRanges(request, content);
  if (ranges === undefined) {
    const whole = contentPart(body, { start: 0, length: size });
    return {
      status: 200,
      headers: { ...headers, "Content-Type": contentType, "Content-Length": String(size) },
      body: whole,
    };
  }
  if (ranges.length === 0) {
    if (body instanceof FileBody) dropBody(body);
    return problem(416, `No such range of ${size} bytes`, { headers: { "Content-Range": `bytes */${size}` } });
  }
  if (ranges.length > 1) {
    const parts = multipartRanges(body, { ranges, contentType });
    return {
      status: 206,
      headers: { ...headers, "Content-Type": parts.contentType, "Content-Length": String(parts.length) },
      body: parts.pieces,
    };
  }
  const range = ranges[0]!;
  return {
    status: 206,
    headers: {
      ...headers,
      "Content-Type": contentType,
      "Content-Range": contentRange(range, size),
      "Content-Length": String(range.length),
    },
    body: contentPart(body, range),
  };
}

function requestedRanges(request: HttpRequest, content: Content): readonly ByteRange[] | undefined {
  const value = request.method === "GET" ? request.headers.get("range") : undefined;
  if (value === undefined || !rangeApplies(request, content)) return undefined;
  return parseByteRanges(value, content.body.length);
}

function validatorFields(validators: Validators): Record<string, string> {
  const { etag, lastModified } = validators;
  return {
    ...(etag === undefined ? {} : { ETag: etag }),
    ...(lastModified === undefined ? {} : { "Last-Modified": lastModified.toUTCString() }),
  };
}
