import { err, ok, type Result } from "../core/mod.ts";
import { HeadParser, type HeadParserOptions } from "./head_parser.ts";
import { HeadState, requestHeadTable } from "./head_states.ts";
import { KnownBytes } from "./known_bytes.ts";
import type { HttpLimits } from "./limits.ts";
import type { ProtocolError } from "./protocol_error.ts";
import { readRequestHead, type RequestHead } from "./request_head.ts";

/** The limits that a {@linkcode RequestReader} holds heads to. */
export type RequestHeadLimits = Pick<HttpLimits, "requestLineBytesMax" | "headBytesMax" | "headerCountMax">;

/** How the heads of requests are read; all connections of a server share it. */
export function requestHeadOptions(limits: RequestHeadLimits): HeadParserOptions {
  return {
    table: requestHeadTable,
    start: HeadState.Start,
    lineBytesMax: limits.requestLineBytesMax,
    bytesMax: limits.headBytesMax,
    countMax: limits.headerCountMax,
    remembers: true,
  };
}

/** Longer heads are not kept: they belong to browsers, which seldom ask for the same thing twice. */
const keptBytesMax = 512;

/**
 * Reads the heads of one connection's requests, one after the other.
 *
 * A client that polls sends the same bytes again and again. A head that is byte for byte the one before is not read a
 * second time: it says the same. Only heads that come in one piece are compared, and only with this client's own.
 */
export class RequestReader {
  readonly #parser: HeadParser;
  /** Whether the parser has been given bytes of a head that is not over. */
  #parsing = false;
  /** The last head. */
  #last: RequestHead | undefined;
  /** The bytes of the last head; none if it was too long, or came in pieces. */
  #kept: KnownBytes | undefined;
  #repeated = false;

  /** @param options From {@linkcode requestHeadOptions}. */
  constructor(options: HeadParserOptions) {
    this.#parser = new HeadParser(options);
  }

  /** Whether a head is complete, or cannot be one; {@linkcode take} says which. */
  get over(): boolean {
    return this.#repeated || this.#parser.done || this.#parser.error !== undefined;
  }

  /** Whether any byte of a head came yet; empty lines before it do not count. */
  get begun(): boolean {
    return this.#repeated || this.#parser.begun;
  }

  /** The method, also of a head that is refused; empty as long as it is not complete. */
  get method(): string {
    return this.#parser.first;
  }

  /**
   * Takes the bytes from `start` to `end`.
   *
   * @returns How many were taken: all of them, or fewer if the head is over.
   */
  feed(bytes: Uint8Array, start: number, end: number): number {
    if (this.#parsing) return this.#parser.feed(bytes, start, end);
    if (this.#kept?.isAt(bytes, start, end)) {
      this.#repeated = true;
      return this.#kept.length;
    }
    this.#parsing = true;
    const count = this.#parser.feed(bytes, start, end);
    // Many a connection brings one request alone: what its client repeats shows from the second one on.
    if (this.#last) {
      this.#kept ??= new KnownBytes(keptBytesMax);
      this.#kept.remember(bytes, start, this.#parser.done ? start + count : start);
    }
    return count;
  }

  /** The head that is over, or why it is none. After a head the next one can be fed. */
  take(): Result<RequestHead, ProtocolError> {
    if (this.#repeated && this.#last) {
      this.#repeated = false;
      return ok(this.#last);
    }
    const parser = this.#parser;
    if (parser.error) return err(parser.error);
    const head = readRequestHead(parser);
    if (!head.ok) return head;
    this.#last = head.value;
    parser.reset();
    this.#parsing = false;
    return head;
  }
}
