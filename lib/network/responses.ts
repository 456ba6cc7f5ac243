import { HttpError, type HttpErrorOptions } from "./http_error.ts";
import { problemResponse } from "./problem_response.ts";
import type { HttpResponse, ResponseHeaders } from "./types.ts";

/** What the helpers that make responses take beside the content. */
export interface ResponseOptions {
  /** 200 unless given. */
  readonly status?: number;
  /** Further header fields. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** Frozen, so that their text is made and checked once. */
const contentTypes = {
  text: Object.freeze({ "Content-Type": "text/plain; charset=utf-8" }),
  html: Object.freeze({ "Content-Type": "text/html; charset=utf-8" }),
  json: Object.freeze({ "Content-Type": "application/json" }),
};

/**
 * A response of plain text.
 *
 * @example
 * ```ts
 * import { text } from "./responses.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(text("Hello").status, 200);
 * ```
 */
export function text(body: string, options: ResponseOptions = {}): HttpResponse {
  return { status: options.status ?? 200, headers: withType(contentTypes.text, options), body };
}

/** A response of HTML. */
export function html(body: string, options: ResponseOptions = {}): HttpResponse {
  return { status: options.status ?? 200, headers: withType(contentTypes.html, options), body };
}

/** A response of JSON; throws a `TypeError` for what JSON cannot say, as `JSON.stringify` does. */
export function json(value: unknown, options: ResponseOptions = {}): HttpResponse {
  return { status: options.status ?? 200, headers: withType(contentTypes.json, options), body: JSON.stringify(value) };
}

/** A response without content: 204 unless another status is given. */
export function empty(options: ResponseOptions = {}): HttpResponse {
  const status = options.status ?? 204;
  const headers = options.headers ?? {};
  return status === 204 || status === 304 ? { status, headers } : { status, headers, body: "" };
}

/** A response of problem details (RFC 9457), as an `HttpError` of the same arguments gives when thrown. */
export function problem(status: number, detail?: string, options: HttpErrorOptions = {}): HttpResponse {
  return problemResponse(new HttpError(status, detail, options));
}

function withType(type: ResponseHeaders & Record<string, string>, options: ResponseOptions) {
  return options.headers === undefined ? type : { ...type, ...options.headers };
}
