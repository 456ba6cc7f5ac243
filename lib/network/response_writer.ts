import type { ConnectionOutput } from "./connection_output.ts";
import { FileBody } from "./file_body.ts";
import {
  announcedLength,
  constantHeadStart,
  type ConstantStart,
  formatResponseHead,
  formatTrailers,
  headEnd,
  responseField,
  type ResponseHeadOptions,
} from "./response_head.ts";
import { utf8Length } from "./utf8_length.ts";
import { writeFile } from "./write_file.ts";
import type { HttpResponse, ResponseBody } from "./types.ts";

/** What a response answers, and what the connection will do after it. */
export interface WriteResponseOptions {
  readonly output: ConnectionOutput;
  readonly method: string;
  /** Minor version of the request. */
  readonly minor: 0 | 1;
  /** Whether the connection could take another request afterwards. */
  readonly keepAlive: boolean;
  /** Value of `Date`. */
  readonly date: string;
}

/** Bodies up to this many bytes leave with the head in one write. */
const smallBodyBytesMax = 4096;
const encoder = new TextEncoder();

/**
 * Writes a response (RFC 9112 sections 4 and 6). A small body that is there leaves at once, gathered with the head.
 *
 * @returns Whether the connection can take another request; a promise if the peer has to be waited for. It throws, or
 * rejects, a `TypeError` if the response cannot be sent as it is and nothing of it was sent.
 */
export function writeResponse(response: HttpResponse, options: WriteResponseOptions): boolean | Promise<boolean> {
  const { body } = response;
  if (typeof body === "string" && body.length <= smallBodyBytesMax) return writeSmall(response, body, options);
  const plan = planResponse(response, options);
  if (plan.content !== undefined) return writeContent(formatResponseHead(plan.head), plan, options.output);
  const kept = putOrWrite(plan, "", options.output);
  dropBody(body);
  return kept;
}

/** Writes a response whose body is a short text; one that was given just so before is not made again. */
function writeSmall(response: HttpResponse, body: string, options: WriteResponseOptions): boolean | Promise<boolean> {
  const { status, headers } = response;
  const { date, output, keepAlive } = options;
  const start = constantHeadStart({ status, headers, date });
  const known = start?.last.find(body, options);
  if (known !== undefined && output.putConstant(known)) return keepAlive;
  const plan = planResponse(response, options);
  if (plan.content === undefined) return putOrWrite(plan, "", output, start);
  if (plan.keepAlive === keepAlive) start?.last.note(body, options, () => formatResponseHead(plan.head) + body);
  return putOrWrite(plan, body, output, start);
}

/** Lets go of a body that will not be sent; what its maker throws on that occasion is lost. */
export function dropBody(body: ResponseBody | undefined): void {
  if (body instanceof FileBody) body[Symbol.dispose]();
  else if (body instanceof ReadableStream) body.cancel().catch(ignore);
  else if (isIterable(body)) body[Symbol.asyncIterator]().return?.().catch(ignore);
}

function ignore(): void {}

/** A response made ready. */
interface ResponsePlan {
  readonly head: ResponseHeadOptions;
  /** What follows the head. */
  readonly content: ResponseBody | undefined;
  /** Bytes of content that were announced. */
  readonly length: number | undefined;
  readonly chunked: boolean;
  readonly trailers: HttpResponse["trailers"];
  readonly keepAlive: boolean;
}

/** Decides how the content is framed (RFC 9112 section 6.1 and 6.2, RFC 9110 sections 8.6 and 9.3.2). */
function planResponse(response: HttpResponse, options: WriteResponseOptions): ResponsePlan {
  const { status, headers, body } = response;
  const { method, minor, date } = options;
  const bodiless = status === 204 || status === 304;
  const length = bodiless ? undefined : knownLength(body) ?? announcedLength(headers);
  const chunked = length === undefined && !bodiless && body !== undefined && minor === 1;
  const untilClose = length === undefined && !bodiless && !chunked && method !== "HEAD";
  const wantsClose = headers !== undefined && responseField(headers, "connection")?.toLowerCase() === "close";
  const keepAlive = options.keepAlive && !untilClose && !wantsClose;
  const connection = keepAlive ? (minor === 0 ? "keep-alive" : undefined) : "close";
  const head: ResponseHeadOptions = { status, headers, length, chunked, connection, date };
  const content = bodiless || method === "HEAD" ? undefined : body;
  return { head, content, length, chunked, trailers: response.trailers, keepAlive };
}

function knownLength(body: ResponseBody | undefined): number | undefined {
  if (body === undefined) return undefined;
  if (typeof body === "string") return utf8Length(body);
  if (body instanceof Uint8Array || body instanceof FileBody) return body.length;
  return undefined;
}

/** Gathers the head and a small content; a promise if there is no room for them. */
function putOrWrite(
  plan: ResponsePlan,
  content: string,
  output: ConnectionOutput,
  start: ConstantStart | undefined = constantHeadStart(plan.head),
): boolean | Promise<boolean> {
  const { head, keepAlive } = plan;
  const text = start !== undefined && output.putBytes(start.bytes, headEnd(head))
    ? content
    : formatResponseHead(head) + content;
  return output.putText(text) ? keepAlive : output.writeText(text).then(() => keepAlive);
}

async function writeContent(head: string, plan: ResponsePlan, output: ConnectionOutput): Promise<boolean> {
  const { content, length, chunked, keepAlive } = plan;
  try {
    await output.writeText(head);
  } catch (error) {
    dropBody(content);
    throw error;
  }
  if (typeof content === "string") await output.write(encoder.encode(content));
  else if (content instanceof Uint8Array) await output.write(content);
  else if (content instanceof FileBody) await writeFile(content, output);
  else if (isIterable(content)) {
    if (chunked) await writeChunked(content, output, plan.trailers);
    else await writePlain(content, length, output);
  }
  return keepAlive;
}

/** `chunked-body = *chunk last-chunk trailer-section CRLF` (RFC 9112 section 7.1); each piece becomes a chunk. */
async function writeChunked(
  pieces: AsyncIterable<Uint8Array>,
  output: ConnectionOutput,
  trailers: HttpResponse["trailers"],
): Promise<void> {
  await output.flush();
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    await output.writeText(`${piece.length.toString(16)}\r\n`);
    await output.write(piece);
    await output.writeText("\r\n");
    await output.flush();
  }
  await output.writeText(`0\r\n${trailers ? formatTrailers(trailers()) : ""}\r\n`);
}

/** Content of an announced length, or up to the end of the connection. */
async function writePlain(pieces: AsyncIterable<Uint8Array>, length: number | undefined, output: ConnectionOutput) {
  let written = 0;
  for await (const piece of pieces) {
    written += piece.length;
    if (length !== undefined && written > length) break;
    await output.write(piece);
    await output.flush();
  }
  if (length !== undefined && written !== length) {
    throw new Error(`The handler announced ${length} bytes and gave ${written > length ? "more" : written}`);
  }
}

function isIterable(body: ResponseBody | undefined): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}
