import type { Comments, DocumentNode, Node, StreamNode } from "./ast.ts";
import { isKeyStart, isKeyUnit, isPrintableAt } from "./characters.ts";
import { isTrapWord } from "./plain_scalar.ts";
import { formatTimestamp } from "./timestamp.ts";

/**
 * Prints a syntax tree in the one canonical form: two spaces a level, lists indented below their key, texts in double
 * quotes, the first key of an item behind its dash, comments where they were.
 *
 * Printing what {@linkcode parseDdl} read, and parsing that again, gives the same tree, places apart; printing once more
 * gives the same text.
 *
 * @param stream A tree without invalid nodes, its texts well-formed Unicode.
 *
 * @example
 * ```ts
 * import { parseDdl } from "./parse_ddl.ts";
 * import { printDdl } from "./print_ddl.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(printDdl(parseDdl("list:\n- a # first\n-   b: null\n").stream), 'list:\n  - "a" # first\n  - b: null\n');
 * ```
 */
export function printDdl(stream: StreamNode): string {
  const out: string[] = [];
  stream.documents.forEach((document, index) => {
    if (index > 0 || isEmpty(document)) out.push("---\n");
    printDocument(document, out);
  });
  return out.join("");
}

function isEmpty(document: DocumentNode): boolean {
  return document.root.kind !== "mapping" && document.root.kind !== "sequence";
}

function printDocument(document: DocumentNode, out: string[]): void {
  if (!isEmpty(document)) printBlock(document.root, "", out);
  for (const comment of document.comments) out.push(`#${comment}\n`);
}

/** Prints a mapping or a list, each line behind `indent`. */
function printBlock(node: Node, indent: string, out: string[]): void {
  if (node.kind === "mapping") {
    for (const { key, value, comments } of node.entries) {
      printComments(comments, indent, out);
      out.push(indent, printKey(key), ":");
      printValue(value, { comments, indent }, out);
    }
  } else if (node.kind === "sequence") {
    for (const { value, comments } of node.items) {
      printComments(comments, indent, out);
      out.push(indent, "-");
      if (isCompact(value, comments)) printCompact(value, indent, out);
      else printValue(value, { comments, indent }, out);
    }
  }
}

/** Prints what follows a key or a dash. */
function printValue(
  value: Node,
  at: { readonly comments: Comments | undefined; readonly indent: string },
  out: string[],
) {
  const note = at.comments?.after === undefined ? "\n" : ` #${at.comments.after}\n`;
  if (value.kind === "mapping" || value.kind === "sequence") {
    out.push(note);
    printBlock(value, `${at.indent}  `, out);
  } else {
    out.push(" ", printScalar(value), note);
  }
}

/** Says whether the block of an item may begin behind its dash: no comment stands between the two. */
function isCompact(value: Node, comments: Comments | undefined): boolean {
  if (comments?.after !== undefined) return false;
  const first = value.kind === "mapping" ? value.entries[0] : value.kind === "sequence" ? value.items[0] : undefined;
  return first !== undefined && (first.comments === undefined || first.comments.before.length === 0);
}

/** Prints a block whose first line goes behind a dash: like every block, with the first indentation left out. */
function printCompact(value: Node, indent: string, out: string[]): void {
  const from = out.length;
  printBlock(value, `${indent}  `, out);
  out[from] = " ";
}

function printComments(comments: Comments | undefined, indent: string, out: string[]): void {
  for (const comment of comments?.before ?? []) out.push(indent, "#", comment, "\n");
}

function printKey(key: string): string {
  const plain = key !== "" && isKeyStart(key.charCodeAt(0)) && !isTrapWord(key) && allKeyUnits(key);
  return plain ? key : printText(key);
}

function allKeyUnits(key: string): boolean {
  for (let at = 1; at < key.length; at++) {
    if (!isKeyUnit(key.charCodeAt(at))) return false;
  }
  return true;
}

function printScalar(node: Node): string {
  switch (node.kind) {
    case "text":
      return printText(node.value);
    case "timestamp":
      return formatTimestamp(node.value, node.restNs);
    case "integer":
    case "boolean":
      return String(node.value);
    default:
      return "null";
  }
}

/** Writes a text in double quotes; what may not stand there as it is becomes an escape. */
function printText(text: string): string {
  let out = '"';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x22 && unit !== 0x5c && isPrintableAt(text, at)) continue;
    out += text.slice(from, at) + escape(unit);
    from = at + 1;
  }
  return `${out}${text.slice(from)}"`;
}

function escape(unit: number): string {
  switch (unit) {
    case 0x22:
      return '\\"';
    case 0x5c:
      return "\\\\";
    case 0x0a:
      return "\\n";
    case 0x0d:
      return "\\r";
    case 0x09:
      return "\\t";
    default:
      return `\\u${unit.toString(16).toUpperCase().padStart(4, "0")}`;
  }
}
