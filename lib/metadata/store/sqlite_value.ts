import type { SQLOutputValue } from "node:sqlite";
import { Failure, type Hash, hashBytes, hashFromBytes } from "../../core/mod.ts";

/** Takes a column of whole numbers. */
export function asInteger(value: SQLOutputValue | undefined): number {
  return typeof value === "number" ? value : unexpected("a number", value);
}

/** Takes a column of text. */
export function asText(value: SQLOutputValue | undefined): string {
  return typeof value === "string" ? value : unexpected("a text", value);
}

/** Takes a column of bytes. */
export function asBytes(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> {
  // SQLite hands out copies of its own memory, never shared memory.
  return value instanceof Uint8Array ? value as Uint8Array<ArrayBuffer> : unexpected("bytes", value);
}

/** Takes a column of hashes. */
export function asHash(value: SQLOutputValue | undefined): Hash {
  const bytes = asBytes(value);
  return bytes.length === hashBytes ? hashFromBytes(bytes) : unexpected("a hash", value);
}

function unexpected(wanted: string, value: SQLOutputValue | undefined): never {
  const found = value instanceof Uint8Array ? `${value.length} bytes` : value === null ? "nothing" : typeof value;
  throw new Failure("corrupt", `The metadata database holds ${found} where ${wanted} belongs`, {
    hint: "Restore the database from a backup",
  });
}
