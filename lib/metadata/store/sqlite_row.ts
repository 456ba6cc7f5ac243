import type { SQLInputValue } from "node:sqlite";
import { Failure, hashToBytes } from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import type { Row } from "./row.ts";
import type { Columns } from "./sqlite_database.ts";
import { asBytes, asHash, asInteger, asText } from "./sqlite_value.ts";

/** The columns of a row, in the order that {@linkcode decodeRow} and {@linkcode encodeRow} have them. */
export const rowColumns = "name, kind, mode, size, mtime, content, version, revision";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** What a row is stored as, in the order of {@linkcode rowColumns}. */
export function encodeRow({ name, entry, version, revision, tree }: Row): SQLInputValue[] {
  switch (entry?.kind) {
    case undefined:
      return [name, 0, null, null, null, null, version, revision];
    case "file": {
      const { mode, size, mtimeMs, content } = entry;
      return [name, 1, mode, size, mtimeMs, hashToBytes(content), version, revision];
    }
    case "directory":
      return [name, 2, entry.mode, null, null, tree === undefined ? null : hashToBytes(tree), version, revision];
    case "symlink":
      return [name, 3, null, null, null, encoder.encode(entry.target), version, revision];
  }
}

/**
 * Reads a row back.
 *
 * @param columns The result of a query, with the {@linkcode rowColumns} in it.
 * @param at Where these begin.
 */
export function decodeRow(columns: Columns, at = 0): Row {
  const name = asText(columns[at]);
  const version = asInteger(columns[at + 6]);
  const revision = asInteger(columns[at + 7]);
  const entry = decodeEntry(columns, at);
  const content = columns[at + 5];
  if (entry?.kind !== "directory" || content === null) return { name, entry, version, revision };
  return { name, entry, version, revision, tree: asHash(content) };
}

function decodeEntry(columns: Columns, at: number): Entry | undefined {
  switch (columns[at + 1]) {
    case 0:
      return undefined;
    case 1:
      return {
        kind: "file",
        mode: asInteger(columns[at + 2]),
        mtimeMs: asInteger(columns[at + 4]),
        size: asInteger(columns[at + 3]),
        content: asHash(columns[at + 5]),
      };
    case 2:
      return { kind: "directory", mode: asInteger(columns[at + 2]) };
    case 3:
      return { kind: "symlink", target: decoder.decode(asBytes(columns[at + 5])) };
    default:
      throw new Failure("corrupt", `The metadata database holds an entry of kind ${columns[at + 1]}`);
  }
}
