import { isDigit, isKeyStart, isPrintableAt } from "./characters.ts";
import { colonOfKey } from "./colon_of_key.ts";
import { keyUnitsMax, nestingDepthMax } from "./limits.ts";
import { addLineProblem } from "./line_problem.ts";
import { isBlankAt, lineEnd } from "./lines.ts";
import { plainEnd } from "./plain_end.ts";
import { isTrapWord, plainScalar } from "./plain_scalar.ts";
import type { ProblemCode, ProblemList } from "./problem.ts";
import { addUnprintable, quotedScalar } from "./quoted_scalar.ts";
import { refusal } from "./refusal.ts";
import { schemaName } from "./schema_name.ts";
import type { TokenKind } from "./token.ts";

/** Where in a line the lexer stands: at its first column, at its first character, behind a dash, a key or a value. */
type Place = "line" | "content" | "dash" | "key" | "value";

const quotesHint = "Put the whole value in one pair of quotes";
const trailingHints: { readonly [kind in TokenKind]?: string } = { separator: "Begin the document on the next line" };

/**
 * Cuts a text into tokens, one a call of {@linkcode Lexer.next}; the current one is read from the fields.
 *
 * It looks at each character a fixed number of times, keeps at most `nestingDepthMax` levels of indentation, and never
 * stops at a mistake: it reports it, gives an `invalid` token and goes on with the next line. Lines that lie deeper than
 * an invalid value are taken for its continuation and skipped.
 *
 * ```ebnf
 * line      = { " " } , ( { "-" , spaces } , [ key , ":" ] , [ spaces , scalar ] ) , [ spaces , comment ] , newline ;
 * key       = name | double | single ;
 * name      = ( letter | "_" ) , { letter | digit | "_" | "-" } ;
 * scalar    = double | single | plain ;
 * comment   = "#" , { printable | tab } ;
 * separator = "---" , [ spaces , comment ] , newline ;                      (* at column 1 *)
 * newline   = LF | CR , LF ;
 * ```
 */
export class Lexer {
  /** What the current token is. */
  kind: TokenKind = "end";
  /** Offset of its first code unit. */
  start = 0;
  /** Offset behind its last code unit. */
  end = 0;
  /** Its line, from 1. */
  line = 1;
  /** Its text, where it has one: the name of a key, a decoded text, a time as it stands, a comment without `#`. */
  text = "";
  /** Its number: an integer, a time in milliseconds, 1 for true. */
  number = 0;

  readonly #source: string;
  readonly #problems: ProblemList;
  /** The columns at which the open blocks begin, up to `#depth`; what lies behind is left over. */
  readonly #indents: number[] = [0];
  #depth = 0;
  #at = 0;
  #lineStart = 0;
  #place: Place = "line";
  #dedents = 0;
  /** Lines indented deeper than this many columns are skipped. */
  #skipDeeper = Infinity;

  constructor(source: string, problems: ProblemList) {
    this.#source = source;
    this.#problems = problems;
    if (source.charCodeAt(0) === 0xfeff) this.#at = this.#lineStart = 1;
  }

  /** Column of the current token in UTF-16 code units, from 1. */
  get column(): number {
    return this.start - this.#lineStart + 1;
  }

  /** Goes on to the next token. At the end it stays there. */
  next(): void {
    if (this.#problems.full) this.#abandon();
    if (this.#dedents > 0) {
      this.#dedents--;
      return this.#token("dedent", this.#at, this.#at);
    }
    switch (this.#place) {
      case "content":
        return this.#content();
      case "key":
        return this.#afterKey();
      case "dash":
        return this.#afterDash();
      case "value":
        return this.#afterValue();
      case "line":
        return this.#line();
    }
  }

  #token(kind: TokenKind, start: number, end: number): void {
    this.kind = kind;
    this.start = start;
    this.end = end;
  }

  /** Measures the indentation of the next line that holds anything, and opens or closes blocks. */
  #line(): void {
    for (;;) {
      let at = this.#at;
      while (this.#source.charCodeAt(at) === 0x20) at++;
      this.#at = at;
      if (at >= this.#source.length) return this.#finish();
      if (this.#takeNewline()) continue;
      const indent = at - this.#lineStart;
      if (indent > this.#skipDeeper) {
        this.#skipLine();
        continue;
      }
      const unit = this.#source.charCodeAt(at);
      if (unit === 0x23) return this.#comment("line_comment");
      this.#skipDeeper = Infinity;
      if (unit === 0x09) {
        return this.#refuse("tab", "A tab character stands in the indentation", at, at + 1, "Indent with spaces");
      }
      if (indent === this.#top()) return this.#content();
      return indent > this.#top() ? this.#indent(indent) : this.#dedent(indent);
    }
  }

  /** Opens a block at a column; the content at it comes next. */
  #indent(column: number): void {
    if (this.#depth === nestingDepthMax) {
      return this.#refuse(
        "nesting",
        `Blocks lie deeper than ${nestingDepthMax} levels`,
        this.#at,
        this.#at + 1,
        "Nest less; metadata needs five levels",
      );
    }
    this.#indents[++this.#depth] = column;
    this.#place = "content";
    this.#token("indent", this.#at, this.#at);
  }

  /** Closes the blocks that a column lies left of. A column between two levels is taken for the deeper one. */
  #dedent(column: number): void {
    while (this.#depth > 0 && column <= this.#below()) {
      this.#depth--;
      this.#dedents++;
    }
    if (column !== this.#top()) {
      this.#problems.add({
        code: "alignment",
        message: "The line begins at a column where no block begins",
        start: this.#at,
        end: this.#at + 1,
        expected: `an indentation of ${this.#below()} or ${this.#top()} spaces`,
        hint: "Align it with the lines of its block",
      });
    }
    this.#place = "content";
    this.next();
  }

  /** Reads what a line or a compact item begins with: a separator, a dash or a key. */
  #content(): void {
    const at = this.#at;
    const unit = this.#source.charCodeAt(at);
    if (unit === 0x2d) {
      if (isBlankAt(this.#source, at + 1)) {
        this.#at = at + 1;
        this.#place = "dash";
        return this.#token("dash", at, at + 1);
      }
      if (at === this.#lineStart && this.#isMarker("---")) return this.#separator();
    }
    if (unit === 0x2e && at === this.#lineStart && this.#isMarker("...")) {
      const hint = 'Leave it out; "---" begins the next document';
      return this.#refuse("document-end", 'Document ends ("...") are not part of the language', at, at + 3, hint);
    }
    const name = schemaName(this.#source, at);
    if (name !== undefined) return this.#key(at, at + name.length, name);
    const colon = colonOfKey(this.#source, at);
    if (colon < 0) return this.#refuseContent();
    this.#key(at, colon, isKeyStart(unit) ? this.#plainKey(at, colon) : this.#quotedKey(at));
    if (colon - at > keyUnitsMax) {
      const message = `The key is longer than ${keyUnitsMax} characters`;
      this.#problems.add({ code: "key", message, start: at, end: colon });
    }
  }

  #key(start: number, colon: number, name: string): void {
    this.#at = colon + 1;
    this.#place = "key";
    this.text = name;
    this.#token("key", start, colon);
  }

  #afterKey(): void {
    if (this.#takeGap()) return;
    this.#value();
  }

  #afterDash(): void {
    if (this.#takeGap()) return;
    const at = this.#at;
    const compact = (this.#source.charCodeAt(at) === 0x2d && isBlankAt(this.#source, at + 1)) ||
      schemaName(this.#source, at) !== undefined || colonOfKey(this.#source, at) >= 0;
    return compact ? this.#indent(at - this.#lineStart) : this.#value();
  }

  /** Reads what may follow a value on its line: a comment or nothing. */
  #afterValue(): void {
    if (this.#takeGap(this.#at)) return;
    const at = this.#at;
    if (!isPrintableAt(this.#source, at)) addUnprintable(this.#source, at, this.#problems);
    else {
      this.#problems.add({
        code: "trailing-text",
        message: `More text follows the ${this.kind === "separator" ? "separator" : "value"}`,
        start: at,
        end: lineEnd(this.#source, at),
        expected: "the end of the line",
        hint: this.#source.charAt(at) === "#" ? "Put a space before the #" : trailingHints[this.kind] ?? quotesHint,
      });
    }
    this.#skipLine();
    this.#place = "line";
    this.#line();
  }

  /**
   * Skips spaces, and gives what stands there if it is no value: a comment, or the tokens of the next line.
   *
   * @returns Whether a token was given.
   */
  #takeGap(before = -1): boolean {
    while (this.#source.charCodeAt(this.#at) === 0x20) this.#at++;
    if (this.#at >= this.#source.length || this.#takeNewline()) {
      this.#place = "line";
      this.#line();
      return true;
    }
    if (this.#source.charCodeAt(this.#at) !== 0x23 || this.#at === before) return false;
    this.#comment("end_comment");
    return true;
  }

  /** Reads a value. */
  #value(): void {
    const at = this.#at;
    const unit = this.#source.charCodeAt(at);
    if (unit === 0x22 || unit === 0x27) return this.#quoted(at, unit);
    if (isDigit(unit) && this.#takeDigits(at)) return;
    const refused = isKeyStart(unit) ? undefined : refusal(this.#source.charAt(at));
    if (refused !== undefined) return this.#refuse(refused.code, refused.message, at, at + 1, refused.hint);
    if (unit === 0x2d && isBlankAt(this.#source, at + 1)) {
      const hint = "Begin the list on the next line, each item behind a dash";
      return this.#refuse("mixed-block", "A list begins behind a key", at, at + 1, hint);
    }
    const end = plainEnd(this.#source, at, this.#problems);
    if (end < 0) return this.#invalid(at, at + 1);
    this.#at = end;
    this.#place = "value";
    this.text = this.#source.slice(at, end);
    const scalar = plainScalar(this.text);
    if (scalar.kind === "refused") return this.#refuse(scalar.code, scalar.message, at, end, scalar.hint);
    if ("value" in scalar) this.number = Number(scalar.value);
    this.#token(scalar.kind, at, end);
  }

  /** Reads a decimal integer of at most 15 digits, if one stands here and the line ends behind it. */
  #takeDigits(start: number): boolean {
    let value = 0;
    let at = start;
    let unit = this.#source.charCodeAt(at);
    for (; isDigit(unit); unit = this.#source.charCodeAt(++at)) value = value * 10 + unit - 0x30;
    if (unit !== 0x0a || at - start > 15 || (at > start + 1 && this.#source.charCodeAt(start) === 0x30)) return false;
    this.#at = at;
    this.#place = "value";
    this.number = value;
    this.#token("integer", start, at);
    return true;
  }

  /** Reads a text in quotes; one without escapes and beyond-ASCII characters at once. */
  #quoted(start: number, quote: number): void {
    const source = this.#source;
    let at = start + 1;
    let unit = source.charCodeAt(at);
    while (unit >= 0x20 && unit < 0x7f && unit !== quote && unit !== 0x5c) unit = source.charCodeAt(++at);
    this.#place = "value";
    if (unit === quote && (quote === 0x22 || source.charCodeAt(at + 1) !== quote)) {
      this.text = source.slice(start + 1, at);
      this.#at = at + 1;
      return this.#token("text", start, this.#at);
    }
    const scalar = quotedScalar(source, start, this.#problems);
    this.#at = scalar.end;
    if (!scalar.valid) return this.#invalid(start, scalar.end);
    this.text = scalar.value;
    this.#token("text", start, scalar.end);
  }

  #comment(kind: "line_comment" | "end_comment"): void {
    const start = this.#at;
    const end = lineEnd(this.#source, start);
    for (let at = start; at < end; at++) {
      if (this.#source.charCodeAt(at) !== 0x09 && !isPrintableAt(this.#source, at)) {
        addUnprintable(this.#source, at, this.#problems);
      }
    }
    this.text = this.#source.slice(start + 1, end).trimEnd();
    this.#at = end;
    this.#place = "value";
    this.#token(kind, start, end);
  }

  /** Reads `---`. */
  #separator(): void {
    const at = this.#at;
    this.#at = at + 3;
    this.#place = "value";
    this.#token("separator", at, at + 3);
  }

  /** The name of a plain key that is none of the schema's. */
  #plainKey(start: number, end: number): string {
    const key = this.#source.slice(start, end);
    if (isTrapWord(key)) {
      const message = `The key "${key}" means true, false or null to some YAML parsers`;
      this.#problems.add({ code: "word", message, start, end, hint: `Write "${key}" in quotes` });
    }
    return key;
  }

  #quotedKey(start: number): string {
    return quotedScalar(this.#source, start, this.#problems).value;
  }

  /** Refuses a line that begins neither an item nor a key. */
  #refuseContent(): void {
    const start = this.#at;
    const end = lineEnd(this.#source, start);
    addLineProblem(this.#source, { start, end }, this.#problems);
    this.#invalid(start, end);
  }

  #refuse(code: ProblemCode, message: string, start: number, end: number, hint: string): void {
    this.#problems.add({ code, message, start, end, hint });
    this.#invalid(start, end);
  }

  /** Gives an invalid token and skips what belongs to it: the rest of the line and the lines that lie deeper. */
  #invalid(start: number, end: number): void {
    this.#skipLine();
    this.#skipDeeper = this.#top();
    this.#place = "value";
    this.#token("invalid", start, end);
  }

  #finish(): void {
    this.#dedents = this.#depth;
    this.#depth = 0;
    this.#place = "line";
    if (this.#dedents > 0) return this.next();
    this.#token("end", this.#at, this.#at);
  }

  /** Leaves the rest of the text unread, because too many mistakes were found. */
  #abandon(): void {
    this.#at = this.#source.length;
    this.#place = "line";
  }

  #top(): number {
    return this.#indents[this.#depth] ?? 0;
  }

  /** The column of the block around the innermost one. */
  #below(): number {
    return this.#indents[this.#depth - 1] ?? 0;
  }

  #takeNewline(): boolean {
    const unit = this.#source.charCodeAt(this.#at);
    if (unit === 0x0d && this.#source.charCodeAt(this.#at + 1) === 0x0a) this.#at++;
    else if (unit !== 0x0a) return false;
    this.#lineStart = ++this.#at;
    this.line++;
    return true;
  }

  #skipLine(): void {
    this.#at = lineEnd(this.#source, this.#at);
  }

  #isMarker(marker: string): boolean {
    return this.#source.startsWith(marker, this.#at) && isBlankAt(this.#source, this.#at + 3);
  }
}
