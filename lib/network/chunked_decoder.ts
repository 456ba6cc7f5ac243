import { ChunkState, chunkTable } from "./chunk_states.ts";
import { HeadParser } from "./head_parser.ts";
import { HeadState, trailerTable } from "./head_states.ts";
import { HttpHeaders } from "./http_headers.ts";
import type { ProtocolError } from "./protocol_error.ts";

/** How much a {@linkcode ChunkedDecoder} accepts. */
export interface ChunkedDecoderOptions {
  /** Most bytes of a chunk-size line: 400. */
  readonly lineBytesMax: number;
  /** Most bytes of the trailer section: 431. */
  readonly trailerBytesMax: number;
  /** Most trailer fields: 431. */
  readonly trailerCountMax: number;
}

/** Chunk sizes with more digits than this, leading zeros included, are refused. */
const sizeDigitsMax = 13;

/**
 * Takes the chunked transfer coding off a body (RFC 9112 section 7.1). It copies nothing: each step says which part of
 * the bytes it was given is content.
 */
export class ChunkedDecoder {
  readonly #options: ChunkedDecoderOptions;
  #state = ChunkState.Start;
  #size = 0;
  #digits = 0;
  #lineBytes = 0;
  #dataLeft = 0;
  #trailer: HeadParser | undefined;
  #error: ProtocolError | undefined;
  #contentStart = 0;
  #contentEnd = 0;

  constructor(options: ChunkedDecoderOptions) {
    this.#options = options;
  }

  /** Whether the last chunk and the trailer section have been read. */
  get done(): boolean {
    return this.#trailer?.done ?? false;
  }

  /** Why the bytes are not chunked coding, if they are not. */
  get error(): ProtocolError | undefined {
    return this.#error ?? this.#trailer?.error;
  }

  /** Where the content of the last step begins. */
  get contentStart(): number {
    return this.#contentStart;
  }

  /** Where the content of the last step ends; equal to the start if it gave none. */
  get contentEnd(): number {
    return this.#contentEnd;
  }

  /** How many bytes of the current chunk are still to come. */
  get chunkBytesLeft(): number {
    return this.#dataLeft;
  }

  /** The trailer fields; empty until {@linkcode done}. */
  get trailers(): HttpHeaders {
    return this.#trailer?.done ? this.#trailer.headers : new HttpHeaders();
  }

  /**
   * Takes bytes from `start` on, up to the end of one stretch of content, the end of the body, an error, or `end`.
   *
   * @returns Where the next step begins.
   */
  step(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (this.#dataLeft === 0 && !this.#trailer) at = this.#readLine(bytes, at, end);
    if (this.#trailer) {
      at += this.#trailer.feed(bytes, at, end);
      this.#contentStart = this.#contentEnd = at;
      return at;
    }
    const taken = Math.min(this.#dataLeft, end - at);
    this.#dataLeft -= taken;
    this.#contentStart = at;
    this.#contentEnd = at + taken;
    return at + taken;
  }

  /** Reads the end of the chunk before and a chunk-size line, as far as they are there. */
  #readLine(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      this.#state = chunkTable[(this.#state << 8) | byte]!;
      if (this.#state === ChunkState.Failed) return this.#fail("A chunk is malformed", at);
      if (++this.#lineBytes > this.#options.lineBytesMax) return this.#fail("A chunk-size line is too long", at);
      if (this.#state === ChunkState.Size) {
        if (++this.#digits > sizeDigitsMax) return this.#fail("A chunk size is too large", at);
        this.#size = this.#size * 16 + hexValue(byte);
      } else if (this.#state === ChunkState.LineEnd) {
        this.#endLine();
        return at + 1;
      }
    }
    return end;
  }

  #endLine(): void {
    this.#dataLeft = this.#size;
    if (this.#size === 0) {
      this.#trailer = new HeadParser({
        table: trailerTable,
        start: HeadState.LineEnd,
        lineBytesMax: 0,
        bytesMax: this.#options.trailerBytesMax,
        countMax: this.#options.trailerCountMax,
      });
    }
    this.#size = 0;
    this.#digits = 0;
    this.#lineBytes = 0;
  }

  #fail(detail: string, at: number): number {
    this.#error = { status: 400, detail };
    return at;
  }
}

/** The value of a hexadecimal digit, given as ASCII. */
function hexValue(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}
