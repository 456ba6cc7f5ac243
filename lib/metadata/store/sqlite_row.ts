import type { SQLInputValue } from "node:sqlite";
import { Failure, hashToBytes } from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import type { Row } from "./row.ts";
import type { Columns } from "./sqlite_database.ts";
import { asBytes, asHash, asInteger, asText } from "./sqlite_value.ts";

/** The columns of a row, in the order that {@linkcode decodeRow} and {@linkcode encodeRow} have them. */
export const rowColumns = "name, kind, mode, size, mtime, mtime_rest, content, version, revision";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** What a row is stored as, in the order of {@linkcode rowColumns}. */
export function encodeRow({ name, entry, version, revision, tree }: Row): SQLInputValue[] {
  switch (entry?.kind) {
    case undefined:
      return [name, 0, null, null, null, 0, null, version, revision];
    case "file": {
      const { mode, size, mtimeMs, mtimeRestNs = 0, content } = entry;
      return [name, 1, mode, size, mtimeMs, mtimeRestNs, hashToBytes(content), version, revision];
    }
    case "directory":
      return [name, 2, entry.mode, null, null, 0, tree === undefined ? null : hashToBytes(tree), version, revision];
    case "symlink":
      return [name, 3, null, null, null, 0, encoder.encode(entry.target), version, revision];
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
  const version = asInteger(columns[at + 7]);
  const revision = asInteger(columns[at + 8]);
  const entry = decodeEntry(columns, at);
  const content = columns[at + 6];
  if (entry?.kind !== "directory" || content === null) return { name, entry, version, revision };
  return { name, entry, version, revision, tree: asHash(content) };
}

function decodeEntry(columns: Columns, at: number): Entry | undefined {
  switch (columns[at + 1]) {
    case 0:
      return undefined;
    case 1: {
      const mode = asInteger(columns[at + 2]);
      const size = asInteger(columns[at + 3]);
      const mtimeMs = asInteger(columns[at + 4]);
      const mtimeRestNs = asInteger(columns[at + 5]);
      const content = asHash(columns[at + 6]);
      return mtimeRestNs === 0
        ? { kind: "file", mode, mtimeMs, size, content }
        : { kind: "file", mode, mtimeMs, mtimeRestNs, size, content };
    }
    case 2:
      return { kind: "directory", mode: asInteger(columns[at + 2]) };
    case 3:
      return { kind: "symlink", target: decoder.decode(asBytes(columns[at + 6])) };
    default:
      throw new Failure("corrupt", `The metadata database holds an entry of kind ${columns[at + 1]}`);
  }
}
