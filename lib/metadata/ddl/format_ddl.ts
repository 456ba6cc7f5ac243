import { err, ok, type Result } from "../../core/mod.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { parseDdl } from "./parse_ddl.ts";
import { printDdl } from "./print_ddl.ts";

/**
 * Brings a text into the canonical form, comments included. Doing it again changes nothing.
 *
 * @returns The text, or the mistakes that keep it from being read.
 *
 * @example
 * ```ts
 * import { formatDdl } from "./format_ddl.ts";
 * import { assertEquals } from "@std/assert";
 * const formatted = formatDdl("# mine\na:\n- 'x'   # first\n");
 * assertEquals(formatted.ok && formatted.value, '# mine\na:\n  - "x" # first\n');
 * ```
 */
export function formatDdl(text: string): Result<string, readonly Diagnostic[]> {
  const { stream, diagnostics } = parseDdl(text);
  return diagnostics.length === 0 ? ok(printDdl(stream)) : err(diagnostics);
}
