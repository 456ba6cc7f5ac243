import { ok, type Result } from "../core/mod.ts";
import { listMembers, parseContentLength } from "./grammar.ts";
import type { HttpHeaders } from "./http_headers.ts";
import { type ProtocolError, protocolError } from "./protocol_error.ts";

/** Length of a body that ends with its last chunk (RFC 9112 section 7.1). */
export const lengthUnknown = -1;

/** The fields that say where a message ends and what becomes of the connection. */
export interface FramingFields {
  /** Bytes of content, or {@linkcode lengthUnknown} for chunked coding. `undefined`: neither field is there. */
  readonly length: number | undefined;
  /** Members of `Connection`, in lower case; empty if it is missing. */
  readonly connection: readonly string[];
  /** Value of the only `Host` line. */
  readonly host: string | undefined;
  /** Value of `Expect`. */
  readonly expect: string | undefined;
}

const noMembers: readonly string[] = [];
const chunkedAlone: readonly string[] = ["chunked"];
const closeAlone: readonly string[] = ["close"];
const keepAliveAlone: readonly string[] = ["keep-alive"];

/**
 * Reads the fields that frame a message, in one pass (RFC 9112 section 6.3), and refuses whatever two recipients could
 * frame differently: both `Content-Length` and `Transfer-Encoding`, either of them twice, a length that is not plain
 * digits, any transfer coding but `chunked` alone, and more than one `Host`.
 */
export function readFraming(headers: HttpHeaders): Result<FramingFields, ProtocolError> {
  let length: number | undefined;
  let coding: string | undefined;
  let host: string | undefined;
  let expect: string | undefined;
  let connection = noMembers;
  for (let i = 0; i < headers.size; i++) {
    if (headers.isNamed(i, "host")) {
      if (host !== undefined) return protocolError(400, "More than one Host field");
      host = headers.valueAt(i);
    } else if (headers.isNamed(i, "content-length")) {
      if (length !== undefined) return protocolError(400, "More than one Content-Length field");
      length = parseContentLength(headers.valueAt(i));
      if (length === undefined) return protocolError(400, "The Content-Length is not a plain number");
    } else if (headers.isNamed(i, "transfer-encoding")) {
      if (coding !== undefined) return protocolError(400, "More than one Transfer-Encoding field");
      coding = headers.valueAt(i);
    } else if (headers.isNamed(i, "connection")) {
      const members = connectionMembers(headers.valueAt(i));
      connection = connection.length === 0 ? members : [...connection, ...members];
    } else if (headers.isNamed(i, "expect")) {
      expect = headers.valueAt(i);
    }
  }
  if (coding === undefined) return ok({ length, connection, host, expect });
  if (length !== undefined) return protocolError(400, "Both Content-Length and Transfer-Encoding");
  const codings = coding === "chunked" ? chunkedAlone : listMembers(coding);
  if (codings.length !== 1 || codings[0] !== "chunked") return refuseCodings(codings);
  return ok({ length: lengthUnknown, connection, host, expect });
}

/** The members of a `Connection` line; nearly always it is one of two words. */
function connectionMembers(value: string): readonly string[] {
  if (value === "close") return closeAlone;
  if (value === "keep-alive" || value === "Keep-Alive") return keepAliveAlone;
  return listMembers(value);
}

/** A coding before `chunked` is understood but not implemented: 501 (RFC 9112 section 6.1). Anything else: 400. */
function refuseCodings(members: readonly string[]): Result<never, ProtocolError> {
  const known = ["gzip", "x-gzip", "deflate", "compress", "x-compress"];
  if (
    members.length > 1 && members.at(-1) === "chunked" && members.slice(0, -1).every((name) => known.includes(name))
  ) {
    return protocolError(501, "Transfer codings other than chunked are not implemented");
  }
  return protocolError(400, "The Transfer-Encoding is not chunked");
}
