import { assertEquals, assertThrows } from "@std/assert";
import { parseVersionedPath, pickFile } from "../../cli/versioned_path.ts";
import type { RemoteVersion } from "../../lib/client/mod.ts";
import { Failure } from "../../lib/core/mod.ts";
import { at } from "../metadata/store/fixtures.ts";

Deno.test("parseVersionedPath() takes @ and digits at the very end for a version, and nothing else", () => {
  const cases: readonly (readonly [string, string, number | undefined])[] = [
    ["f", "f", undefined],
    ["f@3", "f", 3],
    ["a/b c@12", "a/b c", 12],
    ["me@home", "me@home", undefined],
    ["me@home/3", "me@home/3", undefined],
    ["f@", "f@", undefined],
    ["f@3 ", "f@3 ", undefined],
    ["f@-3", "f@-3", undefined],
    ["f@3.txt", "f@3.txt", undefined],
    ["f@2@1", "f@2", 1],
    ["f\n@1", "f\n", 1],
  ];
  for (const [text, path, version] of cases) {
    assertEquals(parseVersionedPath(text, false), { path: at(path), version }, JSON.stringify(text));
    assertEquals(parseVersionedPath(text, true), { path: at(text), version: undefined }, JSON.stringify(text));
  }
});

Deno.test("parseVersionedPath() refuses what names no file", () => {
  for (const text of [undefined, "", "/", "@3", "../f", "a//b@1"]) {
    assertThrows(() => parseVersionedPath(text, false), Failure);
  }
});

const committed = { client: "laptop", committed_at: "2026-01-31T12:00:00.000Z" };
const history: readonly RemoteVersion[] = [
  { version: 3, revision: 9, kind: "deleted", ...committed },
  { version: 2, revision: 5, kind: "file", size: 2, hash: "bb", ...committed },
  { version: 1, revision: 1, kind: "directory", ...committed },
];

Deno.test("pickFile() picks the version that is named, or the newest", () => {
  assertEquals(pickFile(history, { path: at("f"), version: 2 }), { ...history[1]!, size: 2, hash: "bb" });
  assertEquals(pickFile(history.slice(1), { path: at("f"), version: undefined }).version, 2);
});

Deno.test("pickFile() tells what else a version is, and where to find a file", () => {
  const refuse = (versions: readonly RemoteVersion[], version?: number): string => {
    const failure = assertThrows(() => pickFile(versions, { path: at("f"), version }), Failure);
    return `${failure.kind}: ${failure.message}; ${failure.hint}`;
  };
  assertEquals(refuse(history), 'not_found: "f" was deleted by its version 3; What it was before is f@2');
  assertEquals(refuse(history, 1), 'usage: "f" is no file but a folder; undefined');
  assertEquals(refuse(history, 4), 'not_found: "f" has no version 4; Its newest is 3');
  assertEquals(refuse([]), 'not_found: There is no version of "f" there; undefined');
});
