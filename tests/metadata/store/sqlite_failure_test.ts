import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Failure, type FailureKind } from "../../../lib/core/mod.ts";
import { sqliteFailure } from "../../../lib/metadata/store/sqlite_failure.ts";

/** An error as `node:sqlite` throws it. */
function sqliteError(message: string, errcode?: number): Error {
  return Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR", ...(errcode === undefined ? {} : { errcode }) });
}

Deno.test("sqliteFailure() tells the kinds of trouble apart by result code, extended ones too, or by message", () => {
  const cases: [message: string, errcode: number | undefined, kind: FailureKind][] = [
    ["database or disk is full", 13, "no_space"],
    ["database or disk is full", undefined, "no_space"],
    ["database is locked", 5, "conflict"],
    ["another snapshot", 517, "conflict"],
    ["database is locked", undefined, "conflict"],
    ["database disk image is malformed", 11, "corrupt"],
    ["file is not a database", 26, "corrupt"],
    ["disk I/O error", 10, "io"],
  ];
  for (const [message, errcode, kind] of cases) {
    const failure = sqliteFailure('commit to "x"', sqliteError(message, errcode));
    assert(failure instanceof Failure);
    assertEquals(failure.kind, kind, `${message} ${errcode}`);
    assert(failure.message.startsWith('Cannot commit to "x": '));
  }
});

Deno.test("sqliteFailure() returns errors of the program and failures as they are", () => {
  for (const cause of [new TypeError("database is locked"), new Failure("corrupt", "Bad"), "text"]) {
    assertStrictEquals(sqliteFailure("read", cause), cause);
  }
});
