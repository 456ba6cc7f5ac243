import { ok, type Result } from "../core/mod.ts";
import { matchesIgnoringCase } from "./grammar.ts";
import { isHost } from "./host.ts";
import { type ProtocolError, protocolError } from "./protocol_error.ts";

/** A request target taken apart (RFC 9112 section 3.2). */
export interface RequestTarget {
  /** Path, still percent-encoded; `*` for asterisk-form, empty for authority-form. */
  readonly path: string;
  /** What follows the first `?`, without it. */
  readonly query: string;
  /** Authority of an absolute-form or authority-form target. */
  readonly authority: string | undefined;
}

/**
 * Takes the target apart: origin-form, absolute-form, authority-form (only with CONNECT), asterisk-form (only with
 * OPTIONS), as RFC 9112 section 3.2 says.
 *
 * @param target Bytes that the head parser let pass: no spaces, controls or `#`.
 */
export function parseRequestTarget(method: string, target: string): Result<RequestTarget, ProtocolError> {
  if (method === "CONNECT") {
    if (!isHost(target) || !target.includes(":")) return protocolError(400, "CONNECT needs a host and a port");
    return ok({ path: "", query: "", authority: target });
  }
  if (target.charCodeAt(0) === 0x2f) return ok(splitQuery(target, undefined));
  if (target === "*") {
    if (method !== "OPTIONS") return protocolError(400, 'Only OPTIONS takes the target "*"');
    return ok({ path: "*", query: "", authority: undefined });
  }
  return parseAbsolute(target);
}

/** `absolute-form = absolute-URI` (RFC 9112 section 3.2.2), of the schemes http and https, without user information. */
function parseAbsolute(target: string): Result<RequestTarget, ProtocolError> {
  const schemeEnd = target.indexOf("://");
  const isHttp = (schemeEnd === 4 && matchesIgnoringCase(target, 0, "http")) ||
    (schemeEnd === 5 && matchesIgnoringCase(target, 0, "https"));
  if (!isHttp) return protocolError(400, "The request target is neither a path nor an http URI");
  const start = schemeEnd + 3;
  let end = start;
  while (end < target.length && target[end] !== "/" && target[end] !== "?") end++;
  const authority = target.slice(start, end);
  if (authority === "" || authority.startsWith(":") || !isHost(authority)) {
    return protocolError(400, "The request target has no valid host");
  }
  const rest = target.slice(end);
  return ok(splitQuery(rest.startsWith("/") ? rest : `/${rest}`, authority));
}

function splitQuery(text: string, authority: string | undefined): RequestTarget {
  const mark = text.indexOf("?");
  if (mark < 0) return { path: text, query: "", authority };
  return { path: text.slice(0, mark), query: text.slice(mark + 1), authority };
}
