/**
 * How a request failed.
 *
 * - `connect`: no connection was made: refused, unreachable, no such name.
 * - `untrusted`: the server showed a certificate that is not trusted, or not its own.
 * - `timeout`: connecting, writing, or waiting for the reply took too long.
 * - `cut_before_reply`: the connection ended before any byte of a reply.
 * - `cut_in_reply`: the connection ended within the reply.
 * - `not_http`: what came back is not HTTP.
 * - `too_large`: the reply is larger than the caller accepts.
 * - `aborted`: the caller's signal said so, or the client was closed.
 */
export type HttpClientErrorKind =
  | "connect"
  | "untrusted"
  | "timeout"
  | "cut_before_reply"
  | "cut_in_reply"
  | "not_http"
  | "too_large"
  | "aborted";

/** Options of an {@linkcode HttpClientError}. */
export interface HttpClientErrorOptions {
  /** Whether any byte of the request may have reached the server. */
  readonly maybeSent: boolean;
  /** The error of the platform behind it. */
  readonly cause?: unknown;
}

/** A request that got no complete reply. */
export class HttpClientError extends Error {
  /** What logs and stack traces call it. */
  override readonly name = "HttpClientError";
  /** How it failed. */
  readonly kind: HttpClientErrorKind;
  /** Whether the server may have acted upon the request; `false` means that it certainly has not. */
  readonly maybeSent: boolean;

  /**
   * Words an error.
   *
   * @param message One sentence: capitalized, without a period at its end.
   */
  constructor(kind: HttpClientErrorKind, message: string, options: HttpClientErrorOptions) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.maybeSent = options.maybeSent;
  }
}
