import type { DocumentNode, Entry, Item, MappingNode, Node, SequenceNode, Span, StreamNode } from "./ast.ts";
import { type Diagnostic, diagnostics } from "./diagnostic.ts";
import { Lexer } from "./lexer.ts";
import { type Problem, ProblemList } from "./problem.ts";
import { comparedMax, RepeatedKeys, sameKey } from "./repeated_keys.ts";
import { restOfTimestamp } from "./timestamp.ts";

/** What {@linkcode parseDdl} found. */
export interface ParsedDdl {
  /** The documents. Where mistakes were found, it holds what could be read all the same. */
  readonly stream: StreamNode;
  /** The mistakes in the order of their places; none if the text belongs to the language. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The state of one run: the token that comes next, and the comments that wait for a key or an item. */
interface Parser {
  readonly lexer: Lexer;
  readonly problems: ProblemList;
  waiting: string[];
}

/**
 * Reads a text of the language to its syntax tree, all mistakes in one run.
 *
 * It takes time in proportion to the length of the text, and stack in proportion to the nesting, which is limited.
 *
 * @example
 * ```ts
 * import { parseDdl } from "./parse_ddl.ts";
 * import { assertEquals } from "@std/assert";
 * const { stream, diagnostics } = parseDdl("a:\n  - 1\n  - &x 2\n");
 * assertEquals(stream.documents.length, 1);
 * assertEquals(diagnostics.map(({ line, column, code }) => ({ line, column, code })), [
 *   { line: 3, column: 5, code: "anchor" },
 * ]);
 * ```
 */
export function parseDdl(text: string): ParsedDdl {
  const problems = new ProblemList();
  const stream = parseStream(text, problems);
  return { stream, diagnostics: diagnostics(text, problems.sorted()) };
}

/**
 * Reads a text to its syntax tree and leaves the mistakes in a list.
 *
 * ```ebnf
 * stream = [ [ "---" ] , document , { "---" , document } ] ;
 * ```
 */
export function parseStream(text: string, problems: ProblemList): StreamNode {
  if (text === "") return { documents: [] };
  const parser: Parser = { lexer: new Lexer(text, problems), problems, waiting: [] };
  advance(parser);
  if (parser.lexer.kind === "separator") takeSeparator(parser);
  const documents = [parseDocument(parser)];
  while (parser.lexer.kind === "separator") {
    takeSeparator(parser);
    documents.push(parseDocument(parser));
  }
  return { documents };
}

/** Goes past a `---`; a comment behind it is taken for one on the next line. */
function takeSeparator(parser: Parser): void {
  const { lexer } = parser;
  lexer.next();
  while (lexer.kind === "line_comment" || lexer.kind === "end_comment") {
    parser.waiting.push(lexer.text);
    lexer.next();
  }
}

/**
 * ```ebnf
 * document = [ block ] ;
 * ```
 */
function parseDocument(parser: Parser): DocumentNode {
  const { lexer } = parser;
  const { start } = lexer;
  let root: Node | undefined;
  while (lexer.kind !== "separator" && lexer.kind !== "end") {
    const block = parseBlock(parser);
    // Blocks are balanced, so this token has no business here; going past it makes sure that the loop ends.
    if (block === undefined) advance(parser);
    root ??= block;
  }
  root ??= { kind: "null", value: null, start, end: start };
  const comments = parser.waiting;
  parser.waiting = [];
  return { root, comments };
}

/**
 * Reads a block, or nothing where none begins.
 *
 * ```ebnf
 * block = mapping | sequence ;
 * ```
 */
function parseBlock(parser: Parser): Node | undefined {
  const { lexer } = parser;
  const { start, end } = lexer;
  let damaged: Node | undefined;
  for (; lexer.kind === "invalid" || lexer.kind === "indent"; damaged ??= { kind: "invalid", start, end }) {
    if (lexer.kind === "invalid") advance(parser);
    else damaged ??= skipIndented(parser);
  }
  if (lexer.kind === "key") return parseMapping(parser, damaged !== undefined);
  if (lexer.kind === "dash") return parseSequence(parser, false);
  return damaged;
}

/**
 * ```ebnf
 * mapping = entry , { entry } ;
 * ```
 */
function parseMapping(parser: Parser, damagedBefore: boolean): MappingNode {
  const { lexer } = parser;
  const start = lexer.start;
  const entries: Entry[] = [];
  let repeated: RepeatedKeys | undefined;
  let damaged = damagedBefore;
  for (;;) {
    if (lexer.kind === "key") {
      const entry = parseEntry(parser);
      if (entries.length === comparedMax) repeated = new RepeatedKeys(entries);
      const earlier = repeated === undefined ? sameKey(entries, entry.key) : repeated.add(entry);
      if (earlier === undefined) entries.push(entry);
      else parser.problems.add(duplicateKey(entry, earlier));
    } else if (lexer.kind === "invalid") {
      damaged = true;
      advance(parser);
    } else if (lexer.kind === "indent") {
      damaged = true;
      skipIndented(parser);
    } else if (lexer.kind === "dash") {
      damaged = true;
      addMixed(parser, "A list item stands among keys", "a key");
      parseSequence(parser, false);
    } else return { kind: "mapping", entries, damaged, start, end: lexer.start };
  }
}

/**
 * ```ebnf
 * entry = key , [ scalar | indented | sequence ] ;     (* a list may begin at the column of its key *)
 * ```
 */
function parseEntry(parser: Parser): Entry {
  const { lexer } = parser;
  const { start, end, text: key } = lexer;
  const before = takeWaiting(parser);
  const line = lexer.line;
  advance(parser);
  let after = takeEndComment(parser);
  const inline = lexer.line === line && lexer.kind !== "end" && lexer.kind !== "dedent";
  const value = inline ? parseScalar(parser) : parseBelowKey(parser, end);
  if (inline) after = takeEndComment(parser);
  return { key, value, comments: comments(before, after), start, end };
}

/**
 * ```ebnf
 * sequence = item , { item } ;
 * ```
 *
 * @param atKey Whether it stands at the column of its key, so that another key ends it.
 */
function parseSequence(parser: Parser, atKey: boolean): SequenceNode {
  const { lexer } = parser;
  const start = lexer.start;
  const items: Item[] = [];
  for (;;) {
    if (lexer.kind === "dash") items.push(parseItem(parser));
    else if (lexer.kind === "invalid") advance(parser);
    else if (lexer.kind === "indent") skipIndented(parser);
    else if (lexer.kind === "key" && !atKey) {
      addMixed(parser, "A key stands among list items", "a list item");
      parseMapping(parser, true);
    } else return { kind: "sequence", items, start, end: lexer.start };
  }
}

/**
 * ```ebnf
 * item = "-" , ( scalar | indented ) ;     (* the block may begin on the line of the dash *)
 * ```
 */
function parseItem(parser: Parser): Item {
  const { lexer } = parser;
  const { start, end } = lexer;
  const before = takeWaiting(parser);
  const line = lexer.line;
  advance(parser);
  let after = takeEndComment(parser);
  const inline = lexer.line === line && lexer.kind !== "end" && lexer.kind !== "dedent" && lexer.kind !== "indent";
  const value = inline ? parseScalar(parser) : parseBelowDash(parser, { start, end });
  if (inline) after = takeEndComment(parser);
  return { value, comments: comments(before, after), start, end };
}

/** Reads what lies below a key; nothing means null. */
function parseBelowKey(parser: Parser, at: number): Node {
  if (parser.lexer.kind === "dash") return parseSequence(parser, true);
  return parseIndented(parser) ?? { kind: "null", value: null, start: at, end: at };
}

/** Reads what lies below a dash. Nothing is refused: YAML parsers disagree about where the list goes on then. */
function parseBelowDash(parser: Parser, { start, end }: Span): Node {
  const block = parseIndented(parser);
  if (block !== undefined) return block;
  const hint = "Write null for an item without a value, or remove the dash";
  parser.problems.add({ code: "empty-item", message: "The list item is empty", start, end, hint });
  return { kind: "invalid", start, end };
}

/**
 * ```ebnf
 * indented = indent , block , dedent ;
 * ```
 */
function parseIndented(parser: Parser): Node | undefined {
  const { kind, start, end } = parser.lexer;
  if (kind !== "indent") return undefined;
  advance(parser);
  const block = parseBlock(parser) ?? { kind: "invalid", start, end };
  takeDedent(parser);
  return block;
}

/**
 * ```ebnf
 * scalar = text | integer | boolean | null | timestamp ;
 * ```
 */
function parseScalar(parser: Parser): Node {
  const { start, end, kind, text, number } = parser.lexer;
  advance(parser);
  switch (kind) {
    case "text":
      return { kind: "text", value: text, start, end };
    case "integer":
      return { kind: "integer", value: number, start, end };
    case "boolean":
      return { kind: "boolean", value: number === 1, start, end };
    case "null":
      return { kind: "null", value: null, start, end };
    case "timestamp":
      return { kind: "timestamp", value: number, restNs: restOfTimestamp(text), start, end };
    default:
      return { kind: "invalid", start, end };
  }
}

/** Reports a block that nothing opened, and reads it for its own mistakes. */
function skipIndented(parser: Parser): Node | undefined {
  const { start } = parser.lexer;
  parser.problems.add({
    code: "indentation",
    message: "The line is indented, but nothing above it opens a block",
    start,
    end: start,
    hint: "Align it with the lines above; a value goes on the line of its key",
  });
  return parseIndented(parser);
}

function addMixed(parser: Parser, message: string, expected: string): void {
  const { start, end } = parser.lexer;
  const hint = "A block holds either keys or list items";
  parser.problems.add({ code: "mixed-block", message, start, end, expected, hint });
}

function duplicateKey(entry: Entry, earlier: Entry): Problem {
  return {
    code: "duplicate-key",
    message: `The key ${JSON.stringify(entry.key)} comes twice`,
    start: entry.start,
    end: entry.end,
    hint: "Keep one of the two",
    related: earlier.start,
  };
}

/** Goes on to the next token that is no comment line; comment lines wait for the next key or item. */
function advance(parser: Parser): void {
  const { lexer } = parser;
  lexer.next();
  while (lexer.kind === "line_comment") {
    parser.waiting.push(lexer.text);
    lexer.next();
  }
}

function takeDedent(parser: Parser): void {
  if (parser.lexer.kind === "dedent") advance(parser);
}

function takeEndComment(parser: Parser): string | undefined {
  if (parser.lexer.kind !== "end_comment") return undefined;
  const { text } = parser.lexer;
  advance(parser);
  return text;
}

const noComments: readonly string[] = [];

function takeWaiting(parser: Parser): readonly string[] {
  if (parser.waiting.length === 0) return noComments;
  const taken = parser.waiting;
  parser.waiting = [];
  return taken;
}

function comments(before: readonly string[], after: string | undefined): Entry["comments"] {
  if (after !== undefined) return { before, after };
  return before.length === 0 ? undefined : { before };
}
