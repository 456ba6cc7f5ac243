import { err, ok, type Result } from "../../core/mod.ts";
import type { FileMetadata } from "../file_metadata.ts";
import { type Diagnostic, diagnostics } from "./diagnostic.ts";
import { parseStream } from "./parse_ddl.ts";
import { ProblemList } from "./problem.ts";
import { readMetadata } from "./read_metadata.ts";

/**
 * Reads the entries of a text.
 *
 * @param text One or more documents; see the language reference for their keys and defaults.
 * @returns The entries in the order of the text, or every mistake of it, at least one, in the order of their places.
 *
 * @example
 * ```ts
 * import { parseMetadata } from "./parse_metadata.ts";
 * import { assertEquals } from "@std/assert";
 * const parsed = parseMetadata(`
 * file_metadata:
 *   name: docs/a.txt
 *   version: 1
 *   size: 5
 *   last_modified: 2024-01-15T10:30:00Z
 * `);
 * assertEquals(parsed.ok && parsed.value.map(({ path, size }) => ({ path: `${path}`, size })), [
 *   { path: "docs/a.txt", size: 5 },
 * ]);
 * ```
 */
export function parseMetadata(text: string): Result<FileMetadata[], readonly Diagnostic[]> {
  const problems = new ProblemList();
  const entries = readMetadata(parseStream(text, problems), problems);
  const found = problems.sorted();
  return found.length === 0 ? ok(entries) : err(diagnostics(text, found));
}
