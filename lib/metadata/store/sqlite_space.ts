import { Failure, hashToBytes } from "../../core/mod.ts";
import { type ConflictRules, readConflictRules, saysNothing } from "../conflict_rules.ts";
import { emptyTree } from "../tree_hash.ts";
import type { SpaceHead } from "./metadata_store.ts";
import type { Columns, SqliteDatabase } from "./sqlite_database.ts";
import { asHash, asInteger, asText } from "./sqlite_value.ts";
import { unknownSpace } from "./unknown_space.ts";

/** A space and the number that its rows carry. */
export interface SqliteSpace {
  /** The number; never given to another space. */
  readonly id: number;
  /** Where the space stands. */
  readonly head: SpaceHead;
}

const columns = "id, name, revision, root, files, entries, bytes, committed_at, conflicts";

/** Looks up a space. */
export function findSpace(database: SqliteDatabase, name: string): SqliteSpace | undefined {
  const found = database.row(`SELECT ${columns} FROM space WHERE name = ?`, name);
  return found && decodeSpace(found);
}

/** Looks up a space that is asked to be read; throws a `Failure` if there is none. */
export function knownSpace(database: SqliteDatabase, name: string): SqliteSpace {
  const space = findSpace(database, name);
  if (!space) throw unknownSpace(name);
  return space;
}

/** All spaces, in no order. */
export function allSpaces(database: SqliteDatabase): SqliteSpace[] {
  return database.rows(`SELECT ${columns} FROM space`).map(decodeSpace);
}

/** Adds a space, empty and at revision 0, unless there is one of that name. */
export function addSpace(database: SqliteDatabase, name: string): void {
  database.run(
    `INSERT INTO space (name, revision, root, files, entries, bytes, committed_at)
     VALUES (?, 0, ?, 0, 0, 0, 0) ON CONFLICT (name) DO NOTHING`,
    name,
    hashToBytes(emptyTree),
  );
}

/** Writes where a space stands. */
export function updateSpace(database: SqliteDatabase, { id, head }: SqliteSpace): void {
  database.run(
    "UPDATE space SET revision = ?, root = ?, files = ?, entries = ?, bytes = ?, committed_at = ? WHERE id = ?",
    head.revision,
    hashToBytes(head.root),
    head.files,
    head.entries,
    head.bytes,
    head.committedAtMs,
    id,
  );
}

/** Writes what clients of a space do about conflicts. */
export function writeConflictRules(database: SqliteDatabase, { id }: SqliteSpace, rules: ConflictRules): void {
  const text = saysNothing(rules) ? null : JSON.stringify(rules);
  database.run("UPDATE space SET conflicts = ? WHERE id = ?", text, id);
}

function decodeSpace(found: Columns): SqliteSpace {
  return {
    id: asInteger(found[0]),
    head: {
      space: asText(found[1]),
      revision: asInteger(found[2]),
      root: asHash(found[3]),
      files: asInteger(found[4]),
      entries: asInteger(found[5]),
      bytes: asInteger(found[6]),
      committedAtMs: asInteger(found[7]),
      ...(found[8] === null ? {} : { conflicts: decodeConflictRules(asText(found[8])) }),
    },
  };
}

function decodeConflictRules(text: string): ConflictRules {
  const rules = readConflictRules(JSON.parse(text));
  if (rules.ok) return rules.value;
  throw new Failure("corrupt", `The metadata database holds conflict policies that are none: ${rules.error}`, {
    hint: "Set them anew: dfs conflicts policy",
  });
}
