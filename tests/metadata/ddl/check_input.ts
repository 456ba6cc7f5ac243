import { parseAll } from "@std/yaml";
import {
  type Data,
  formatDdl,
  parseDdl,
  parseMetadata,
  printDdl,
  renderDiagnostics,
  toData,
} from "../../../lib/metadata/ddl/mod.ts";

/** What may be looked at for one input; the dear parts can be left out. */
export interface CheckOptions {
  /** Whether what is accepted is read by `@std/yaml` too. */
  readonly yaml: boolean;
  /** Whether what is refused is rendered, and read by the schema pass. */
  readonly render: boolean;
}

/**
 * Holds one input against the laws of the language: no exception, places inside the text, agreement with `@std/yaml`,
 * and that printing keeps the data, is canonical and keeps the comments.
 *
 * @returns Whether the input was accepted.
 */
export function checkInput(text: string, options: CheckOptions): boolean {
  const { stream, diagnostics } = parseDdl(text);
  for (const { offset, length, line, column } of diagnostics) {
    if (!(offset >= 0 && length >= 0 && offset + length <= text.length && line >= 1 && column >= 1)) {
      throw new Error(`A diagnostic lies outside: ${offset}+${length}`);
    }
  }
  if (options.render) {
    renderDiagnostics(text, diagnostics);
    const read = parseMetadata(text);
    if (read.ok && diagnostics.length > 0) throw new Error("The schema pass forgot a mistake");
  }
  if (diagnostics.length > 0) return false;
  const data = stream.documents.map(({ root }) => toData(root));
  if (options.yaml && !sameData(data, parseAll(text))) {
    throw new Error(`@std/yaml reads ${JSON.stringify(parseAll(text))}, dfs reads ${JSON.stringify(data)}`);
  }
  checkPrinter(text, data, printDdl(stream));
  return true;
}

function checkPrinter(text: string, data: Data[], printed: string): void {
  const again = parseDdl(printed);
  if (again.diagnostics.length > 0) throw new Error(`The printed form is refused: ${JSON.stringify(printed)}`);
  const dataAgain = again.stream.documents.map(({ root }) => toData(root));
  if (!sameData(data, dataAgain)) throw new Error(`Printing changes the data: ${JSON.stringify(printed)}`);
  const formatted = formatDdl(printed);
  if (!formatted.ok || formatted.value !== printed) throw new Error(`Not canonical: ${JSON.stringify(printed)}`);
  if (commentCount(text) !== commentCount(printed)) throw new Error(`Comments are lost: ${JSON.stringify(printed)}`);
}

/** Counts the comments that the inputs of the generator can hold. */
function commentCount(text: string): number {
  return text.split(/# (?:note|line|left|right)/).length;
}

/** Deep equality of plain data, dates included. */
export function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (a instanceof Date || b instanceof Date) {
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const entries = Object.entries(a);
  const others = new Map<string, unknown>(Object.entries(b));
  return entries.length === others.size &&
    entries.every(([key, value]) => others.has(key) && sameData(value, others.get(key)));
}
