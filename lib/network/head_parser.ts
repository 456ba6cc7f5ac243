import { Buffer } from "node:buffer";
import { HeadState } from "./head_states.ts";
import { HttpHeaders } from "./http_headers.ts";
import { KnownBytes } from "./known_bytes.ts";
import type { ProtocolError } from "./protocol_error.ts";

/** How much a {@linkcode HeadParser} accepts. */
export interface HeadParserOptions {
  /** The table of the kind of head, from `head_states.ts`. */
  readonly table: Uint8Array;
  /** State to begin in: `Start`, or `LineEnd` for a trailer section. */
  readonly start: HeadState;
  /** Most bytes of the start line: 414. */
  readonly lineBytesMax: number;
  /** Most bytes altogether: 431. */
  readonly bytesMax: number;
  /** Most field lines: 431. */
  readonly countMax: number;
  /** Whether to know the field lines of a head when they come again: those of the second head and of later ones. */
  readonly remembers?: boolean;
}

/** Longer sections of fields are not remembered: each connection would have to keep one. */
const knownBytesMax = 2 * 1024;

const neverEntered: readonly number[] = Array.from({ length: HeadState.Done + 1 }, () => 0);
/** A copy of it is no literal, see `RequestHead`. */
const noFields: readonly number[] = [];

/**
 * Reads the head of a message, or a trailer section, from pieces of any size. Each byte is looked at once; the verdict
 * does not depend on where the pieces were cut.
 *
 * Feed it until {@linkcode HeadParser.done} or {@linkcode HeadParser.error}; the parts and the fields are there when it
 * is done. `reset` makes it ready for the next head.
 */
export class HeadParser {
  readonly #options: HeadParserOptions;
  #state: HeadState;
  #text = "";
  #error: ProtocolError | undefined;
  /** Where each state was entered last, as an index of the text. */
  readonly #entered: number[] = neverEntered.slice();
  /** Four numbers a field: start and end of the name, start and end of the value. */
  #fields: number[] = noFields.slice();
  /** Where the field lines begin, as an index of the text. */
  #fieldsAt = 0;
  #headers: HttpHeaders | undefined;
  /** The field lines of a head before, up to its empty line, and what was read from them. */
  #known: KnownBytes | undefined;
  #knownHeaders: HttpHeaders | undefined;
  /** Whether there was a head before. */
  #continued = false;

  constructor(options: HeadParserOptions) {
    this.#options = options;
    this.#state = options.start;
  }

  /** Whether the head is complete. */
  get done(): boolean {
    return this.#state === HeadState.Done;
  }

  /** Why the bytes are no head, if they are none. */
  get error(): ProtocolError | undefined {
    return this.#error;
  }

  /** Whether any byte of a head came yet; empty lines before it do not count. */
  get begun(): boolean {
    return this.#state !== HeadState.Start && this.#state !== HeadState.StartCr;
  }

  /** Part 1 of the start line: method, or version of a response; empty as long as it is not complete. */
  get first(): string {
    return this.#text.slice(this.#entered[HeadState.First], this.#entered[HeadState.FirstEnd]);
  }

  /** Part 2 of the start line: request target, or status code. */
  get second(): string {
    return this.#text.slice(this.#entered[HeadState.FirstEnd]! + 1, this.#entered[HeadState.SecondEnd]);
  }

  /** Part 3 of the start line: version of a request, or reason phrase. */
  get third(): string {
    return this.#text.slice(this.#entered[HeadState.SecondEnd]! + 1, this.#entered[HeadState.LineCr]);
  }

  /** The field lines. */
  get headers(): HttpHeaders {
    return this.#headers ??= HttpHeaders.fromHead(this.#text, this.#fields);
  }

  /**
   * Takes the bytes from `start` to `end`.
   *
   * @returns How many were taken: all of them, or fewer if the head ended within or an error was found.
   */
  feed(bytes: Uint8Array, start: number, end: number): number {
    const origin = this.#text.length - start;
    let at = start;
    while (at < end && this.#state !== HeadState.Done && this.#error === undefined) {
      // Within one limit at a time, so that the verdict does not depend on how the bytes were cut.
      const limit = this.#state <= HeadState.LineCr ? this.#options.lineBytesMax : this.#options.bytesMax;
      const stop = Math.min(end, limit - origin);
      if (at >= stop) this.#failPastLimit();
      else if (this.#isKnown(bytes, at, stop)) return this.#takeKnown(bytes, start, at) - start;
      else at = this.#run(bytes, at, stop, origin);
    }
    if (at > start) this.#text += decodeLatin1(bytes, start, at);
    if (this.#state === HeadState.Done && this.#fieldsAt >= start + origin) {
      this.#remember(bytes, this.#fieldsAt - origin, at);
    }
    return at - start;
  }

  /** Says whether the field lines of the head before come again, all of them, from `at`. */
  #isKnown(bytes: Uint8Array, at: number, stop: number): boolean {
    if (this.#known === undefined || this.#state !== HeadState.LineEnd || this.#fields.length > 0) return false;
    return this.#known.isAt(bytes, at, stop);
  }

  /** Remembers the field lines from `from` to `end`, which have come in one piece. */
  #remember(bytes: Uint8Array, from: number, end: number): void {
    if (!this.#options.remembers || !this.#continued || end - from > knownBytesMax) return;
    this.#known ??= new KnownBytes(knownBytesMax);
    this.#known.remember(bytes, from, end);
    this.#knownHeaders = this.headers;
  }

  /** Ends the head with the field lines that are known; `start` is what was fed, `at` where they begin. */
  #takeKnown(bytes: Uint8Array, start: number, at: number): number {
    this.#text += decodeLatin1(bytes, start, at);
    this.#headers = this.#knownHeaders;
    this.#state = HeadState.Done;
    return at + this.#known!.length;
  }

  /** Forgets everything, for the next head. */
  reset(): void {
    this.#continued = true;
    this.#state = this.#options.start;
    this.#text = "";
    this.#error = undefined;
    this.#fields = noFields.slice();
    this.#headers = undefined;
    this.#entered[HeadState.First] = this.#entered[HeadState.FirstEnd] = 0;
  }

  /**
   * The loop over the bytes of a line; `origin` is added to an index of `bytes` to get an index of the text.
   *
   * @returns Where it ended: at `stop`, or after the line.
   */
  #run(bytes: Uint8Array, start: number, stop: number, origin: number): number {
    const table = this.#options.table;
    const entered = this.#entered;
    let state = this.#state;
    let at = start;
    while (at < stop) {
      const next: HeadState = table[(state << 8) | bytes[at++]!]!;
      if (next === state) continue;
      const index = origin + at - 1;
      entered[next] = index;
      if (next === HeadState.ValueCr) this.#endField(state, index);
      else if (next === HeadState.Failed) this.#fail(400, failureText[state] ?? "The message is malformed");
      state = next;
      if (next === HeadState.LineEnd || next === HeadState.Done || next === HeadState.Failed) break;
    }
    this.#state = state;
    if (state === HeadState.LineEnd && this.#fields.length === 0) this.#fieldsAt = origin + at;
    if (state === HeadState.LineEnd && this.#fields.length > this.#options.countMax * 4) {
      this.#fail(431, `More than ${this.#options.countMax} header fields`);
    }
    return at;
  }

  #endField(from: HeadState, end: number): void {
    const entered = this.#entered;
    const start = from === HeadState.Value ? entered[HeadState.Value]! : end;
    this.#fields.push(entered[HeadState.Name]!, entered[HeadState.NameEnd]!, start, end);
  }

  #failPastLimit(): void {
    const { lineBytesMax, bytesMax } = this.#options;
    if (this.#state <= HeadState.LineCr) this.#fail(414, `The request line is longer than ${lineBytesMax} bytes`);
    else this.#fail(431, `The header section is longer than ${bytesMax} bytes`);
  }

  #fail(status: number, detail: string): void {
    this.#state = HeadState.Failed;
    this.#error = { status, detail };
  }
}

/** Buffers are lent again and again, and each is decoded through the same view. */
const views = new WeakMap<Uint8Array, Buffer>();

/** ISO 8859-1: each byte becomes the character of the same number. */
function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let view = views.get(bytes);
  if (!view) views.set(bytes, view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return view.toString("latin1", start, end);
}

/** What is wrong with a byte that a state has no cell for. */
const failureText: Partial<Record<HeadState, string>> = {
  [HeadState.Start]: "The first byte is not one of a start line",
  [HeadState.StartCr]: "A bare CR before the start line",
  [HeadState.First]: "The first word of the start line holds a character that is not allowed",
  [HeadState.FirstEnd]: "The second word of the start line is missing",
  [HeadState.Second]: "The second word of the start line holds a character that is not allowed",
  [HeadState.SecondEnd]: "The third word of the start line is missing",
  [HeadState.Third]: "The third word of the start line holds a character that is not allowed",
  [HeadState.LineCr]: "A bare CR in the start line",
  [HeadState.LineEnd]: "A field line begins with a space, or with a character that no name has",
  [HeadState.Name]: "A field name holds a space or another character that is not allowed",
  [HeadState.NameEnd]: "A field value holds a control character",
  [HeadState.Value]: "A field value holds a control character",
  [HeadState.ValueCr]: "A bare CR in a field value",
  [HeadState.EndCr]: "A bare CR at the end of the header section",
};
