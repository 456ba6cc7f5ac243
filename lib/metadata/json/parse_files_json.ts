import { err, type Result } from "../../core/mod.ts";
import type { FileMetadata } from "../file_metadata.ts";
import { jsonErrorOffset } from "./json_error_offset.ts";
import type { JsonProblem } from "./json_problem.ts";
import { readFilesJson, type ReadFilesOptions } from "./read_file_json.ts";

/**
 * Reads metadata from a text of JSON; see {@linkcode readFilesJson}.
 *
 * @returns The entries, or every mistake; of a text that is no JSON, the place where it stops being some.
 *
 * @example
 * ```ts
 * import { parseFilesJson } from "./parse_files_json.ts";
 * import { assertEquals } from "@std/assert";
 * const parsed = parseFilesJson('{"file_path":"/a.txt","size":"5"}', { mtimeMs: 0 });
 * assertEquals(parsed.ok ? [] : parsed.error, [{
 *   pointer: "/size",
 *   message: 'The value of "size" cannot be a text',
 *   expected: "an integer from 0 to 2^53 - 1",
 * }]);
 * ```
 */
export function parseFilesJson(
  text: string,
  options: ReadFilesOptions,
): Result<FileMetadata[], readonly JsonProblem[]> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return err([syntaxProblem(text)]);
    // A text nested so deep that the parser runs out of stack.
    return err([{ pointer: "", message: "The JSON is nested too deep" }]);
  }
  return readFilesJson(body, options);
}

function syntaxProblem(text: string): JsonProblem {
  const offset = jsonErrorOffset(text);
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - before.lastIndexOf("\n");
  return { pointer: "", message: "The text is not JSON", line, column };
}
