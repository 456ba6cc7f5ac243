import { STATUS_TEXT } from "@std/http";

/** Options of an {@linkcode HttpError}. */
export interface HttpErrorOptions {
  /** URI that identifies the kind of problem; `about:blank` unless given. */
  readonly type?: string;
  /** Short summary of the kind of problem; the status text unless given. */
  readonly title?: string;
  /** Header fields for the response, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem details. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The error behind it; never sent. */
  readonly cause?: unknown | undefined;
}

/**
 * A refusal with a status, thrown by handlers and by this library, and sent as problem details (RFC 9457).
 *
 * @example
 * ```ts
 * import { HttpError } from "./http_error.ts";
 * import { assertEquals } from "@std/assert";
 * const error = new HttpError(404, 'No user "7"');
 * assertEquals(error.problem, { type: "about:blank", title: "Not Found", status: 404, detail: 'No user "7"' });
 * ```
 */
export class HttpError extends Error {
  /** What logs and stack traces call it. */
  override readonly name = "HttpError";
  /** Status of the response, 400 to 599. */
  readonly status: number;
  /** URI that identifies the kind of problem (RFC 9457 section 3.1.1). */
  readonly type: string;
  /** Short summary of the kind of problem (RFC 9457 section 3.1.4). */
  readonly title: string;
  /** What went wrong this time, for people (RFC 9457 section 3.1.5). */
  readonly detail: string | undefined;
  /** Header fields for the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the problem details (RFC 9457 section 3.2). */
  readonly extensions: Readonly<Record<string, unknown>>;

  /**
   * The title is the reason phrase of the status unless given, the type `about:blank`.
   *
   * @param status Status of the response, 400 to 599.
   * @param detail What went wrong this time, for people; the message of the error is the title without it.
   */
  constructor(status: number, detail?: string, options: HttpErrorOptions = {}) {
    const title = options.title ?? STATUS_TEXT[status] ?? "Error";
    super(detail ?? title, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.type = options.type ?? "about:blank";
    this.title = title;
    this.detail = detail;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }

  /** The problem details as they are sent (RFC 9457 section 3). */
  get problem(): Record<string, unknown> {
    const { type, title, status, detail } = this;
    return { ...this.extensions, type, title, status, ...(detail === undefined ? {} : { detail }) };
  }
}
