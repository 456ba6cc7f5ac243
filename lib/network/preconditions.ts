import { ifMatch, ifNoneMatch } from "@std/http";
import type { HttpRequest } from "./types.ts";

/** What tells one state of a resource from another (RFC 9110 section 8.8). */
export interface Validators {
  /** Entity tag with its quotes, `W/` before them if it is weak. */
  readonly etag?: string | undefined;
  /** When the resource last changed. */
  readonly lastModified?: Date | undefined;
}

/**
 * Evaluates the preconditions of a request in the order of RFC 9110 section 13.2.2.
 *
 * @param validators Those of the resource as it is; `undefined` if it does not exist.
 * @returns 412 or 304 if that is the answer, `undefined` if the request goes on.
 */
export function evaluatePreconditions(request: HttpRequest, validators: Validators | undefined): 412 | 304 | undefined {
  const { headers, method } = request;
  const match = headers.get("if-match");
  if (match !== undefined) {
    if (validators === undefined || !ifMatch(match, validators.etag)) return 412;
  } else if (isLaterThan(validators?.lastModified, headers.get("if-unmodified-since"))) {
    return 412;
  }
  const isRead = method === "GET" || method === "HEAD";
  const noneMatch = headers.get("if-none-match");
  if (noneMatch !== undefined) {
    if (validators !== undefined && !ifNoneMatch(noneMatch, validators.etag)) return isRead ? 304 : 412;
  } else if (isRead && isNotLaterThan(validators?.lastModified, headers.get("if-modified-since"))) {
    return 304;
  }
  return undefined;
}

/** Says whether `If-Range`, if there is one, lets a range be sent (RFC 9110 section 13.1.5): strong comparison only. */
export function rangeApplies(request: HttpRequest, validators: Validators): boolean {
  const condition = request.headers.get("if-range");
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === validators.etag;
  const date = parseHttpDate(condition);
  return date !== undefined && validators.lastModified !== undefined && seconds(validators.lastModified) === date;
}

/** A date of a field in seconds; `undefined` if it is none, which makes the field count as absent. */
function parseHttpDate(text: string | undefined): number | undefined {
  const time = text === undefined || !/GMT$|\d{4}$/.test(text) ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function isLaterThan(modified: Date | undefined, since: string | undefined): boolean {
  const date = parseHttpDate(since);
  return date !== undefined && modified !== undefined && seconds(modified) > date;
}

function isNotLaterThan(modified: Date | undefined, since: string | undefined): boolean {
  const date = parseHttpDate(since);
  return date !== undefined && modified !== undefined && seconds(modified) <= date;
}
