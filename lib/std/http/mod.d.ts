/** Types of the part of `@std/http` that dfs uses. */
export declare const STATUS_TEXT: Readonly<Record<number, string>>;
export declare const STATUS_CODE: Readonly<Record<string, number>>;
/** A cookie as `Set-Cookie` writes it. */
export interface Cookie {
  name: string;
  value: string;
  expires?: Date | number;
  maxAge?: number;
  domain?: string;
  path?: string;
  secure?: boolean;
  httpOnly?: boolean;
  sameSite?: "Strict" | "Lax" | "None";
}
export declare function getCookies(headers: Headers): Record<string, string>;
export declare function setCookie(headers: Headers, cookie: Cookie): void;
export declare function eTag(
  entity: string | Uint8Array | { size: number; mtime: Date | null },
  options?: { weak?: boolean },
): Promise<string | undefined>;
export declare function ifMatch(value: string | null, etag: string | undefined): boolean;
export declare function ifNoneMatch(value: string | null, etag: string | undefined): boolean;
export declare function accepts(request: { headers: Headers }, ...types: string[]): string | undefined;
export declare function acceptsEncodings(request: { headers: Headers }, ...encodings: string[]): string | undefined;
/** One server-sent event. */
export interface ServerSentEventMessage {
  /** A line that readers skip; it shows that the stream lives. */
  comment?: string;
  /** The type of the event; readers take it for `message` without one. */
  event?: string;
  /** What the event carries; each line of it becomes a field of its own. */
  data?: string;
  /** What a reader that comes back names as the last event it saw. */
  id?: string | number;
  /** How long a reader waits before it comes back, in milliseconds. */
  retry?: number;
}
export declare class ServerSentEventStream extends TransformStream<ServerSentEventMessage, Uint8Array> {}
