import { ok, type Result } from "../core/mod.ts";
import type { HeadParser } from "./head_parser.ts";
import { isHost } from "./host.ts";
import type { HttpHeaders } from "./http_headers.ts";
import { readFraming } from "./message_framing.ts";
import { type ProtocolError, protocolError } from "./protocol_error.ts";
import { parseRequestTarget } from "./request_target.ts";

/** Methods of RFC 9110 section 9.3 and RFC 5789, the frequent ones first. */
const standardMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/**
 * The head of a request, checked.
 *
 * Like all that lives as long as a connection it is made by a class, not by a literal: where V8 has seen a literal's objects
 * live long it makes the next ones among the long-lived at once, and that is where they, and all that they lead to, would
 * pile up when connections bring one request each.
 */
export class RequestHead {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly query: string;
  /** Minor version: 0 or 1. */
  readonly minor: 0 | 1;
  readonly headers: HttpHeaders;
  /** Bytes of content; `lengthUnknown` for chunked coding. */
  readonly length: number;
  /** Whether the client lets the connection live on (RFC 9112 section 9.3). */
  readonly keepAlive: boolean;
  /** Whether the client waits for `100 Continue` (RFC 9110 section 10.1.1). */
  readonly expectsContinue: boolean;

  /** Says what `head` says. */
  constructor(head: RequestHead) {
    this.method = head.method;
    this.target = head.target;
    this.path = head.path;
    this.query = head.query;
    this.minor = head.minor;
    this.headers = head.headers;
    this.length = head.length;
    this.keepAlive = head.keepAlive;
    this.expectsContinue = head.expectsContinue;
  }
}

/**
 * Makes a request of a head that the parser has completed, or says why it is none: version, target, `Host` and framing
 * are checked here (RFC 9112 sections 2.3, 3.2 and 6).
 */
export function readRequestHead(parser: HeadParser): Result<RequestHead, ProtocolError> {
  const { first, second: target } = parser;
  // The string of the table rather than one that reads the same: it has been looked up in maps before.
  const standard = standardMethods.find((name) => name === first);
  const method = standard ?? first;
  if (standard === undefined && standardMethods.includes(method.toUpperCase())) {
    return protocolError(501, "Methods are case-sensitive");
  }
  const minor = minorVersion(parser.third);
  if (minor === undefined) return refuseVersion(parser.third);
  const headers = parser.headers;
  const framing = readFraming(headers);
  if (!framing.ok) return framing;
  const { length, connection, host, expect } = framing.value;
  if (host === undefined ? minor === 1 : !isHost(host)) {
    return protocolError(400, "The Host field is missing or invalid");
  }
  if (minor === 0 && length !== undefined && length < 0) return protocolError(400, "HTTP/1.0 has no Transfer-Encoding");
  const parsed = parseRequestTarget(method, target);
  if (!parsed.ok) return parsed;
  if (expect !== undefined && minor === 1 && expect.toLowerCase() !== "100-continue") {
    return protocolError(417, "The only expectation that is known is 100-continue");
  }
  const keepAlive = minor === 1 ? !connection.includes("close") : connection.includes("keep-alive") &&
    !connection.includes("close");
  return ok(
    new RequestHead({
      method,
      target,
      path: parsed.value.path,
      query: parsed.value.query,
      minor,
      headers,
      length: length ?? 0,
      keepAlive,
      expectsContinue: expect !== undefined && minor === 1 && length !== undefined && length !== 0,
    }),
  );
}

/** `HTTP-version = "HTTP/" DIGIT "." DIGIT` (RFC 9112 section 2.3); a later minor version is read as 1. */
function minorVersion(version: string): 0 | 1 | undefined {
  if (version === "HTTP/1.1") return 1;
  if (version === "HTTP/1.0") return 0;
  return /^HTTP\/1\.[2-9]$/.test(version) ? 1 : undefined;
}

function refuseVersion(version: string): Result<never, ProtocolError> {
  if (/^HTTP\/\d\.\d$/.test(version)) return protocolError(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here");
  return protocolError(400, "The request line does not end with an HTTP version");
}
