import { ok, type Result } from "../../core/mod.ts";
import type { HeadParser } from "../head_parser.ts";
import type { HttpHeaders } from "../http_headers.ts";
import { lengthUntilClose } from "../message_body.ts";
import { readFraming } from "../message_framing.ts";
import { type ProtocolError, protocolError } from "../protocol_error.ts";

/** The head of a reply, checked. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Bytes of content, `lengthUnknown` or `lengthUntilClose`. */
  readonly length: number;
  /** Whether the connection can be used again (RFC 9112 section 9.3). */
  readonly keepAlive: boolean;
}

/** Makes a reply of a head that the parser has completed or refused, or says why it is none (RFC 9112 section 4). */
export function readResponseHead(parser: HeadParser, method: string): Result<ResponseHead, ProtocolError> {
  if (parser.error) return protocolError(502, parser.error.detail);
  const isOld = parser.first === "HTTP/1.0";
  if (!isOld && parser.first !== "HTTP/1.1") return protocolError(502, "The version is neither HTTP/1.0 nor HTTP/1.1");
  const status = Number(parser.second);
  if (parser.second.length !== 3 || status < 100) return protocolError(502, "The status is not one");
  const { headers } = parser;
  const framing = readFraming(headers);
  if (!framing.ok) return framing;
  const { connection } = framing.value;
  const keepAlive = !connection.includes("close") && (!isOld || connection.includes("keep-alive"));
  const hasContent = method !== "HEAD" && status >= 200 && status !== 204 && status !== 304;
  const length = hasContent ? framing.value.length ?? lengthUntilClose : 0;
  return ok({ status, headers, length, keepAlive: keepAlive && length !== lengthUntilClose });
}
