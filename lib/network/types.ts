import type { FileBody } from "./file_body.ts";
import type { HttpHeaders } from "./http_headers.ts";

/** Where the other end of a connection is. */
export interface RemoteAddress {
  /** IP address, or a name that a test gave. */
  readonly hostname: string;
  /** Port of the connection at the other end; it tells connections of one host apart. */
  readonly port: number;
}

/**
 * Two streams of bytes, one each way: all that this library asks of a connection. A `Deno.Conn` fits through
 * `socketConnection()`, a pair of pipes in memory through `memoryConnectionPair()`.
 */
export interface ByteConnection {
  /** Who is at the other end. */
  readonly remoteAddr: RemoteAddress;
  /** Reads at least one byte into `buffer`; `null` once the other side has closed its direction. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes at least one byte of `bytes` and says how many; they may be reused as soon as it settles. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends our direction; the other side reads the end, and we can still read. */
  closeWrite(): Promise<void>;
  /** Drops the connection both ways; whatever is pending fails. Closing twice does nothing. */
  close(): void;
}

/** How much of a body may be gathered in memory. */
export interface BodyReadOptions {
  /** Most bytes to accept; past it an `HttpError` with status 413 is thrown. */
  readonly max: number;
}

/**
 * The content of a request, read from the connection as it is asked for; it can be read once.
 *
 * Iterating gives the pieces as they arrive. A piece is a view into the buffer of the connection: it is valid until the
 * next step of the iteration and must be copied to be kept. `bytes`, `text` and `json` give values that stay.
 *
 * Whatever a handler leaves unread, the server reads and drops up to a limit, and past it closes the connection.
 */
export interface HttpRequestBody extends AsyncIterable<Uint8Array> {
  /** Length in bytes as announced, `0` if there is no body, `undefined` if the length shows only at the end. */
  readonly length: number | undefined;
  /** Trailer fields (RFC 9110 section 6.5): empty until the body has been read to its end. */
  readonly trailers: HttpHeaders;
  /** Lowers the limit for this body: past `max` bytes an `HttpError` with status 413 is thrown, at once if known. */
  limit(max: number): void;
  /** Reads all of it into memory of its own. */
  bytes(options: BodyReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads all of it as UTF-8; throws an `HttpError` with status 400 if it is none. */
  text(options: BodyReadOptions): Promise<string>;
  /** Reads all of it as JSON; throws an `HttpError` with status 400 if it is none. */
  json(options: BodyReadOptions): Promise<unknown>;
}

/** A request as handlers see it. */
export interface HttpRequest {
  /** Method as sent, case-sensitive (RFC 9110 section 9.1). */
  readonly method: string;
  /** Request target as sent (RFC 9112 section 3.2). */
  readonly target: string;
  /** Path of the target without the query, still percent-encoded; `*` for `OPTIONS *`. The router decodes, once. */
  readonly path: string;
  /** Query of the target, parsed when first asked for. */
  readonly query: URLSearchParams;
  /** Header fields as received. */
  readonly headers: HttpHeaders;
  /** Content, read on demand. */
  readonly body: HttpRequestBody;
  /** Aborts when the peer goes away or the server gives the request up; made when first asked for. */
  readonly signal: AbortSignal;
  /** Who is at the other end of the connection; forwarding headers change nothing here. */
  readonly remoteAddress: RemoteAddress;
}

/** Header fields of a response: by name, or as pairs where order matters. */
export type ResponseHeaders = Readonly<Record<string, string | string[]>> | readonly (readonly [string, string])[];

/**
 * Content of a response. Pieces of an iterable or a stream are sent with back-pressure, by chunked coding unless a
 * `Content-Length` was given; a piece may be reused by its maker as soon as the next one is asked for.
 */
export type ResponseBody =
  | Uint8Array
  | string
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | FileBody;

/** A response as handlers give it. */
export interface HttpResponse {
  /** A final status, 200 to 599 (RFC 9110 section 15). */
  readonly status: number;
  /** Header fields; `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are the server's to add. */
  readonly headers?: ResponseHeaders;
  /** The content; without it the response ends with its head. */
  readonly body?: ResponseBody;
  /** Fields to send after the content (RFC 9110 section 6.5): asked for when it is out, sent only by chunked coding. */
  readonly trailers?: () => Readonly<Record<string, string>>;
}

/** Answers a request. What it throws becomes a problem response (RFC 9457): an `HttpError` its own, all else a 500. */
export type HttpHandler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
