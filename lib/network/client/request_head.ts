import { isSendableValue, isTargetByte, isToken } from "../grammar.ts";

/** Bytes of a request's content, in one piece or several. */
export type ClientBody = Uint8Array | readonly Uint8Array[];

/** What a client asks for. */
export interface ClientRequest {
  /** Method, in upper case. */
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Header fields; `Host`, `Content-Length` and `Connection` are the client's to add. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Content; it must not change until the reply is there. */
  readonly body?: ClientBody;
  /** Gives the request up; the connection is closed. */
  readonly signal?: AbortSignal;
  /**
   * How long the content of the reply may be silent, in milliseconds, where it goes on for as long as either side likes:
   * then it needs no speed.
   */
  readonly silenceMs?: number;
  /** Whether doing it twice does no harm; true for GET, HEAD, OPTIONS, PUT and DELETE unless said. */
  readonly idempotent?: boolean;
}

/** Fields that are the client's to add. */
const ownFields = new Set(["host", "content-length", "transfer-encoding", "connection", "expect"]);
const methodsWithContent = new Set(["POST", "PUT", "PATCH"]);

/** Writes the head of a request (RFC 9112 section 3); throws a `TypeError` if it cannot be sent as it is. */
export function formatRequestHead(request: ClientRequest, host: string): string {
  const { method, path, headers = {}, body } = request;
  if (!isToken(method)) throw new TypeError(`Not a method: ${JSON.stringify(method)}`);
  if (!isOriginForm(path)) throw new TypeError(`Not an encoded path: ${JSON.stringify(path)}`);
  let text = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name) || ownFields.has(name.toLowerCase())) throw new TypeError(`Cannot send the field "${name}"`);
    if (!isSendableValue(value)) throw new TypeError(`Cannot send the value of the field "${name}"`);
    text += `${name}: ${value}\r\n`;
  }
  if (body !== undefined || methodsWithContent.has(method)) text += `Content-Length: ${bodyLength(body)}\r\n`;
  return text + "\r\n";
}

/** The pieces of a body. */
export function bodyPieces(body: ClientBody | undefined): readonly Uint8Array[] {
  if (body === undefined) return [];
  return body instanceof Uint8Array ? [body] : body;
}

function bodyLength(body: ClientBody | undefined): number {
  return bodyPieces(body).reduce((sum, piece) => sum + piece.length, 0);
}

function isOriginForm(path: string): boolean {
  if (!path.startsWith("/")) return path === "*";
  for (let i = 0; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit > 0x7f || !isTargetByte(unit)) return false;
  }
  return true;
}
