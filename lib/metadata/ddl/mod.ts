/**
 * The DDL: a small language for metadata, YAML-like by indentation and a true subset of YAML. A text goes through lexer,
 * parser and schema pass to `FileMetadata[]`, and back through the printer; every mistake of a text is found in one run
 * and is a value with a place. Nothing here reads a clock, a disk or the network. The language is described in README.md.
 *
 * @module
 */
export type {
  BooleanNode,
  Comments,
  DocumentNode,
  Entry,
  IntegerNode,
  InvalidNode,
  Item,
  MappingNode,
  Node,
  NullNode,
  ScalarNode,
  SequenceNode,
  Span,
  StreamNode,
  TextNode,
  TimestampNode,
} from "./ast.ts";
export { carryComments } from "./carry_comments.ts";
export type { Diagnostic, Position } from "./diagnostic.ts";
export { formatDdl } from "./format_ddl.ts";
export { lex, type LexedDdl } from "./lex.ts";
export { diagnosticsMax, keyUnitsMax, nestingDepthMax } from "./limits.ts";
export { metadataToDdl } from "./metadata_to_ddl.ts";
export { type ParsedDdl, parseDdl } from "./parse_ddl.ts";
export { parseMetadata } from "./parse_metadata.ts";
export { printDdl } from "./print_ddl.ts";
export { printMetadata } from "./print_metadata.ts";
export type { ProblemCode } from "./problem.ts";
export { type DiagnosticPart, renderDiagnostics, type RenderOptions } from "./render_diagnostics.ts";
export { formatTimestamp, parseFileTime, parseTimestamp } from "./timestamp.ts";
export { type Data, toData } from "./to_data.ts";
export type { Token, TokenKind } from "./token.ts";
