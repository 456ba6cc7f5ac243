import type { FileMetadata } from "../file_metadata.ts";
import { metadataToDdl } from "./metadata_to_ddl.ts";
import { printDdl } from "./print_ddl.ts";

/**
 * Prints entries in the canonical form; {@linkcode parseMetadata} reads the same entries from it.
 *
 * @param entries The entries, each path once, their texts not empty and well-formed Unicode.
 * @returns One document; nothing at all for no entries.
 *
 * @example
 * ```ts
 * import { parseMetadata } from "./parse_metadata.ts";
 * import { printMetadata } from "./print_metadata.ts";
 * import { assertEquals } from "@std/assert";
 * const text = `file_metadata:
 *   name: "a"
 *   kind: "directory"
 *   version: 1
 *   last_modified: "2024-01-15T10:30:00Z"
 *   sync_state:
 *     status: "synced"
 * `;
 * const parsed = parseMetadata(text);
 * assertEquals(parsed.ok && printMetadata(parsed.value), text);
 * ```
 */
export function printMetadata(entries: readonly FileMetadata[]): string {
  return printDdl(metadataToDdl(entries));
}
