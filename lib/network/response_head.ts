import { STATUS_TEXT } from "@std/http";
import { isSendableValue, isToken, matchesIgnoringCase, parseContentLength } from "./grammar.ts";
import { LastAnswer } from "./last_answer.ts";
import type { ResponseHeaders } from "./types.ts";

/** What the server knows of a response beside the handler's fields. */
export interface ResponseHeadOptions {
  readonly status: number;
  readonly headers: ResponseHeaders | undefined;
  /** Bytes of content, if they are known. */
  readonly length: number | undefined;
  /** Whether the content goes by chunked coding. */
  readonly chunked: boolean;
  /** What `Connection` says. */
  readonly connection: "close" | "keep-alive" | undefined;
  /** Value of `Date` (RFC 9110 section 6.6.1). */
  readonly date: string;
}

/** Fields that are the server's to add. */
const ownFields = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "trailer",
  "upgrade",
]);
const checkedNames = new Map<string, boolean>();
const checkedNamesMax = 1000;
const encoder = new TextEncoder();
/** Contents of fewer bytes have the ends of their heads remembered. */
const knownLengthMax = 1024;
const knownEnds = new Map<ResponseHeadOptions["connection"], (Uint8Array | undefined)[]>();

/**
 * Writes the head of a response (RFC 9112 section 4). Throws a `TypeError` if a field cannot be sent as it is: nothing
 * that could end a line early ever leaves the server.
 */
export function formatResponseHead(options: ResponseHeadOptions): string {
  return formatStart(options) + formatEnd(options);
}

/** What comes after {@linkcode constantHeadStart}, as bytes; those of small contents are made once. */
export function headEnd(options: ResponseHeadOptions): Uint8Array {
  const { length, chunked, connection } = options;
  if (length === undefined || length >= knownLengthMax || chunked) return encoder.encode(formatEnd(options));
  let ends = knownEnds.get(connection);
  if (!ends) knownEnds.set(connection, ends = new Array(knownLengthMax));
  return ends[length] ??= encoder.encode(formatEnd(options));
}

/** The fields that frame the message, and the empty line. */
function formatEnd(options: ResponseHeadOptions): string {
  const { length, chunked, connection } = options;
  let text = length === undefined ? "" : `Content-Length: ${length}\r\n`;
  if (chunked) text += "Transfer-Encoding: chunked\r\n";
  if (connection !== undefined) text += `Connection: ${connection}\r\n`;
  return text + "\r\n";
}

function formatHeaders(headers: ResponseHeaders): string {
  let text = "";
  if (isPairs(headers)) { for (const [name, value] of headers) text += formatField(name, value); }
  else for (const name in headers) text += formatFields(name, headers[name]!);
  return text;
}

/** Status line, `Date`, and the fields of the handler. */
function formatStart(options: Pick<ResponseHeadOptions, "status" | "headers" | "date">): string {
  const { status, headers, date } = options;
  return `${statusLine(status)}Date: ${date}\r\n${headers === undefined ? "" : formatHeaders(headers)}`;
}

/** The start of a head as it was last written, for fields that never change. */
export interface ConstantStart {
  readonly status: number;
  readonly date: string;
  /** Status line, `Date`, and the fields. */
  readonly bytes: Uint8Array;
  /** The last answer that began so. */
  readonly last: LastAnswer;
}

const constants = new WeakMap<ResponseHeaders, ConstantStart>();

/**
 * What comes before {@linkcode headEnd}, as bytes, if the fields are a frozen object: they are those of the last
 * time then, and are neither checked nor encoded again. `undefined` for any others.
 */
export function constantHeadStart(
  options: Pick<ResponseHeadOptions, "status" | "headers" | "date">,
): ConstantStart | undefined {
  const { status, headers, date } = options;
  if (headers === undefined) return undefined;
  const known = constants.get(headers);
  if (known !== undefined && known.status === status && known.date === date) return known;
  // Arrays within would not be frozen.
  if (!Object.isFrozen(headers) || !Object.values(headers).every((value) => typeof value === "string")) {
    return undefined;
  }
  const start = { status, date, bytes: encoder.encode(formatStart({ status, headers, date })), last: new LastAnswer() };
  constants.set(headers, start);
  return start;
}

/** Writes a trailer section (RFC 9112 section 7.1.2); throws a `TypeError` if a field cannot be sent as it is. */
export function formatTrailers(trailers: Readonly<Record<string, string>>): string {
  return Object.entries(trailers).map(([name, value]) => formatField(name, value)).join("");
}

/** The value of a field of a response, if it is there; `name` is in lower case. */
export function responseField(headers: ResponseHeaders | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined;
  if (isPairs(headers)) return headers.find(([field]) => isField(field, name))?.[1];
  for (const field in headers) if (isField(field, name)) return String(headers[field]);
  return undefined;
}

function isField(field: string, lowerName: string): boolean {
  return field.length === lowerName.length && matchesIgnoringCase(field, 0, lowerName);
}

/** The length that a handler has announced in `Content-Length`, for a body that does not show it. */
export function announcedLength(headers: ResponseHeaders | undefined): number | undefined {
  const value = responseField(headers, "content-length");
  return value === undefined ? undefined : parseContentLength(value);
}

function isPairs(headers: ResponseHeaders | undefined): headers is readonly (readonly [string, string])[] {
  return Array.isArray(headers);
}

function formatFields(name: string, value: string | string[]): string {
  if (typeof value === "string") return formatField(name, value);
  return value.map((line) => formatField(name, line)).join("");
}

function formatField(name: string, value: string): string {
  if (!mayBeSent(name)) return "";
  if (!isSendableValue(value)) throw new TypeError(`Cannot send the value of the header field "${name}"`);
  return `${name}: ${value}\r\n`;
}

/** Says whether a field is sent; remembers the answer, since the names that a program sends are few. */
function mayBeSent(name: string): boolean {
  const known = checkedNames.get(name);
  if (known !== undefined) return known;
  if (!isToken(name)) throw new TypeError(`Cannot send a header field named ${JSON.stringify(name)}`);
  const sent = !ownFields.has(name.toLowerCase());
  if (checkedNames.size < checkedNamesMax) checkedNames.set(name, sent);
  return sent;
}

const statusLines: string[] = [];

/** `status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF` */
function statusLine(status: number): string {
  return statusLines[status] ??= makeStatusLine(status);
}

function makeStatusLine(status: number): string {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError(`Not a status of a final response: ${status}`);
  }
  return `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ""}\r\n`;
}
