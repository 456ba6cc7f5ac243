import { isFieldByte, isTargetByte, isTokenByte } from "./grammar.ts";

/**
 * States of the head of a message: a start line of three parts, then field lines, then an empty line
 * (RFC 9112 section 2.1). Each state is named after what was just read.
 */
export enum HeadState {
  /** The bytes are no head; nothing leads out of here. */
  Failed,
  /** Nothing yet, or empty lines before the start line (RFC 9112 section 2.2). */
  Start,
  /** CR of an empty line before the start line. */
  StartCr,
  /** Part 1: method, or version of a response. */
  First,
  /** SP after part 1. */
  FirstEnd,
  /** Part 2: request target, or status code. */
  Second,
  /** SP after part 2. */
  SecondEnd,
  /** Part 3: version of a request, or reason phrase. */
  Third,
  /** CR of the start line. */
  LineCr,
  /** LF of the start line or of a field line. */
  LineEnd,
  /** Field name. */
  Name,
  /** Colon after the name, and white space before the value. */
  NameEnd,
  /** Field value. */
  Value,
  /** CR of a field line. */
  ValueCr,
  /** CR of the empty line that ends the head. */
  EndCr,
  /** The head is complete. */
  Done,
}

/** Which bytes lead from a state to another; a byte that no row names leads to {@linkcode HeadState.Failed}. */
export type HeadRow = readonly [from: HeadState, bytes: (byte: number) => boolean, to: HeadState];

const only = (character: string) => (byte: number) => byte === character.charCodeAt(0);
const cr = only("\r");
const lf = only("\n");
const sp = only(" ");
const blank = (byte: number) => byte === 0x20 || byte === 0x09;
const digit = (byte: number) => byte >= 0x30 && byte <= 0x39;
const versionByte = (byte: number) => digit(byte) || "HTP/.".includes(String.fromCharCode(byte));

/** `request-line = method SP request-target SP HTTP-version` (RFC 9112 section 3). */
const requestLineRows: readonly HeadRow[] = [
  [HeadState.Start, cr, HeadState.StartCr],
  [HeadState.StartCr, lf, HeadState.Start],
  [HeadState.Start, isTokenByte, HeadState.First],
  [HeadState.First, isTokenByte, HeadState.First],
  [HeadState.First, sp, HeadState.FirstEnd],
  [HeadState.FirstEnd, isTargetByte, HeadState.Second],
  [HeadState.Second, isTargetByte, HeadState.Second],
  [HeadState.Second, sp, HeadState.SecondEnd],
  [HeadState.SecondEnd, versionByte, HeadState.Third],
  [HeadState.Third, versionByte, HeadState.Third],
  [HeadState.Third, cr, HeadState.LineCr],
];

/** `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 section 4). */
const statusLineRows: readonly HeadRow[] = [
  [HeadState.Start, versionByte, HeadState.First],
  [HeadState.First, versionByte, HeadState.First],
  [HeadState.First, sp, HeadState.FirstEnd],
  [HeadState.FirstEnd, digit, HeadState.Second],
  [HeadState.Second, digit, HeadState.Second],
  [HeadState.Second, sp, HeadState.SecondEnd],
  [HeadState.SecondEnd, isFieldByte, HeadState.Third],
  [HeadState.SecondEnd, cr, HeadState.LineCr],
  [HeadState.Third, isFieldByte, HeadState.Third],
  [HeadState.Third, cr, HeadState.LineCr],
];

/** `*( field-line CRLF ) CRLF`, `field-line = field-name ":" OWS field-value OWS` (RFC 9112 sections 2.1 and 5). */
const fieldRows: readonly HeadRow[] = [
  [HeadState.LineCr, lf, HeadState.LineEnd],
  [HeadState.LineEnd, isTokenByte, HeadState.Name],
  [HeadState.LineEnd, cr, HeadState.EndCr],
  [HeadState.Name, isTokenByte, HeadState.Name],
  [HeadState.Name, only(":"), HeadState.NameEnd],
  [HeadState.NameEnd, isFieldByte, HeadState.Value],
  [HeadState.NameEnd, blank, HeadState.NameEnd],
  [HeadState.NameEnd, cr, HeadState.ValueCr],
  [HeadState.Value, isFieldByte, HeadState.Value],
  [HeadState.Value, cr, HeadState.ValueCr],
  [HeadState.ValueCr, lf, HeadState.LineEnd],
  [HeadState.EndCr, lf, HeadState.Done],
];

/** The table of a request head: next state by `state * 256 + byte`. */
export const requestHeadTable: Uint8Array = buildHeadTable([...requestLineRows, ...fieldRows]);
/** The table of a response head. */
export const responseHeadTable: Uint8Array = buildHeadTable([...statusLineRows, ...fieldRows]);
/** The table of a trailer section, which begins like the line after a start line (RFC 9112 section 7.1.2). */
export const trailerTable: Uint8Array = buildHeadTable(fieldRows);

function buildHeadTable(rows: readonly HeadRow[]): Uint8Array {
  const table = new Uint8Array((HeadState.Done + 1) * 256);
  for (const [from, bytes, to] of rows) {
    for (let byte = 0; byte < 256; byte++) if (bytes(byte)) table[from * 256 + byte] = to;
  }
  return table;
}
