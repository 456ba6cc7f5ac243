import { isFieldByte, isHexByte, isTokenByte } from "./grammar.ts";

/** States of a chunk-size line (RFC 9112 section 7.1), each named after what was just read. */
export enum ChunkState {
  /** The bytes are no chunk; nothing leads out of here. */
  Failed,
  /** Nothing yet. */
  Start,
  /** Digits of the size. */
  Size,
  /** White space before the `;` of an extension (BWS). */
  Blank,
  /** `;` of an extension, and white space after it. */
  Semicolon,
  /** Name of an extension. */
  Name,
  /** White space before the `=` of an extension. */
  NameBlank,
  /** `=` of an extension, and white space after it. */
  Equals,
  /** Value of an extension that is a token. */
  Token,
  /** Value of an extension that is a quoted string. */
  Quoted,
  /** Backslash in a quoted string. */
  Escape,
  /** Closing quote. */
  QuotedEnd,
  /** CR of the line. */
  LineCr,
  /** LF of the line: data follow, or the trailer section if the size is zero. */
  LineEnd,
  /** CR after the data. */
  DataCr,
}

/** Which bytes lead from a state to another; any other byte is an error. */
type ChunkRow = readonly [from: ChunkState, bytes: (byte: number) => boolean, to: ChunkState];

const only = (character: string) => (byte: number) => byte === character.charCodeAt(0);
const cr = only("\r");
const lf = only("\n");
const semicolon = only(";");
const blank = (byte: number) => byte === 0x20 || byte === 0x09;
const quotable = (byte: number) => isFieldByte(byte) && byte !== 0x22 && byte !== 0x5c;

/**
 * `chunk-size [ chunk-ext ] CRLF`, `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`
 * (RFC 9112 sections 7.1 and 7.1.1). White space that no extension follows is an error. After the data, which are
 * counted rather than looked at, the next line begins at `LineEnd` and needs CR LF first.
 */
const rows: readonly ChunkRow[] = [
  [ChunkState.Start, isHexByte, ChunkState.Size],
  [ChunkState.Size, isHexByte, ChunkState.Size],
  [ChunkState.Size, cr, ChunkState.LineCr],
  [ChunkState.Size, blank, ChunkState.Blank],
  [ChunkState.Size, semicolon, ChunkState.Semicolon],
  [ChunkState.Blank, blank, ChunkState.Blank],
  [ChunkState.Blank, semicolon, ChunkState.Semicolon],
  [ChunkState.Semicolon, blank, ChunkState.Semicolon],
  [ChunkState.Semicolon, isTokenByte, ChunkState.Name],
  [ChunkState.Name, isTokenByte, ChunkState.Name],
  [ChunkState.Name, blank, ChunkState.NameBlank],
  [ChunkState.Name, only("="), ChunkState.Equals],
  [ChunkState.Name, semicolon, ChunkState.Semicolon],
  [ChunkState.Name, cr, ChunkState.LineCr],
  [ChunkState.NameBlank, blank, ChunkState.NameBlank],
  [ChunkState.NameBlank, only("="), ChunkState.Equals],
  [ChunkState.NameBlank, semicolon, ChunkState.Semicolon],
  [ChunkState.Equals, blank, ChunkState.Equals],
  [ChunkState.Equals, isTokenByte, ChunkState.Token],
  [ChunkState.Equals, only('"'), ChunkState.Quoted],
  [ChunkState.Token, isTokenByte, ChunkState.Token],
  [ChunkState.Token, blank, ChunkState.Blank],
  [ChunkState.Token, semicolon, ChunkState.Semicolon],
  [ChunkState.Token, cr, ChunkState.LineCr],
  [ChunkState.Quoted, quotable, ChunkState.Quoted],
  [ChunkState.Quoted, only("\\"), ChunkState.Escape],
  [ChunkState.Quoted, only('"'), ChunkState.QuotedEnd],
  [ChunkState.Escape, isFieldByte, ChunkState.Quoted],
  [ChunkState.QuotedEnd, blank, ChunkState.Blank],
  [ChunkState.QuotedEnd, semicolon, ChunkState.Semicolon],
  [ChunkState.QuotedEnd, cr, ChunkState.LineCr],
  [ChunkState.LineCr, lf, ChunkState.LineEnd],
  [ChunkState.LineEnd, cr, ChunkState.DataCr],
  [ChunkState.DataCr, lf, ChunkState.Start],
];

/** Next state by `state * 256 + byte`. */
export const chunkTable: Uint8Array = buildChunkTable();

function buildChunkTable(): Uint8Array {
  const table = new Uint8Array((ChunkState.DataCr + 1) * 256);
  for (const [from, bytes, to] of rows) {
    for (let byte = 0; byte < 256; byte++) if (bytes(byte)) table[from * 256 + byte] = to;
  }
  return table;
}
