import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fileJson, jsonProblemsMax, parseFilesJson } from "../../../lib/metadata/json/mod.ts";
import { metadataArbitrary } from "../ddl/metadata_arbitrary.ts";

/** The mistakes in a text of JSON, each as "pointer: message". */
function mistakes(text: string): string[] {
  const parsed = parseFilesJson(text, { mtimeMs: 7 });
  return parsed.ok ? [] : parsed.error.map(({ pointer, message }) => `${pointer}: ${message}`);
}

Deno.test("parseFilesJson() reads what fileJson() wrote, for any metadata", () => {
  fc.assert(
    fc.property(fc.uniqueArray(metadataArbitrary, { selector: ({ path }) => path, maxLength: 6 }), (entries) => {
      const well = entries.filter(({ owner = "", target = "", syncState }) =>
        [owner, target, ...syncState.replicas.map(({ node }) => node)].every((text) => text.isWellFormed())
      );
      const parsed = parseFilesJson(JSON.stringify({ files: well.map(fileJson) }), { mtimeMs: 7 });
      assert(parsed.ok);
      assertEquals(parsed.value, well.map((entry) => ({ ...entry, mtimeMs: entry.mtimeMs + 0 })));
    }),
  );
});

Deno.test("parseFilesJson() fills in what may be left out", () => {
  const parsed = parseFilesJson('{"file_path":"/documents/report.pdf","size":5,"unknown":true}', { mtimeMs: 7 });
  assert(parsed.ok);
  assertEquals(parsed.value.map((entry) => ({ ...entry, path: `${entry.path}` })), [{
    path: "documents/report.pdf",
    kind: "file",
    size: 5,
    mtimeMs: 7,
    mode: 0o644,
    version: 1,
    syncState: { status: "pending", replicas: [] },
  }]);
});

Deno.test("parseFilesJson() reads a time to the nanosecond, and takes that of entries without one", () => {
  const bare = { file_path: "a", size: 1 };
  const time = { mtimeMs: Date.UTC(2024, 0, 15, 10, 30, 0, 123), mtimeRestNs: 456_789 };
  const modified_time = "2024-01-15T10:30:00.123456789Z";
  const told = parseFilesJson(JSON.stringify({ ...bare, modified_time }), { mtimeMs: 7, mtimeRestNs: 7 });
  const untold = parseFilesJson(JSON.stringify(bare), time);
  assert(told.ok && untold.ok);
  assertEquals(told.value, untold.value);
  assertEquals(told.value.map(({ mtimeMs, mtimeRestNs }) => ({ mtimeMs, mtimeRestNs })), [time]);
  assertEquals(told.value.map((entry) => fileJson(entry).modified_time), [modified_time]);
  const plain = parseFilesJson(JSON.stringify({ ...bare, modified_time: 5 }), time);
  assertEquals(plain.ok && plain.value.map((entry) => [entry.mtimeMs, "mtimeRestNs" in entry]), [[5, false]]);
});

Deno.test("parseFilesJson() takes a bare hash and a time in milliseconds", () => {
  const hash = "AB".repeat(32);
  const parsed = parseFilesJson(JSON.stringify({ file_path: "a", size: 1, hash, modified_time: -5 }), { mtimeMs: 7 });
  assertEquals(parsed.ok && [parsed.value[0]?.hash as string, parsed.value[0]?.mtimeMs], ["ab".repeat(32), -5]);
});

const wrong: readonly (readonly [body: unknown, ...mistakes: string[]])[] = [
  [[], ": The metadata is a list"],
  [7, ": The metadata is a number"],
  [{}, ': The member "file_path" is missing', ': The member "size" is missing'],
  [{ file_path: "a/../b", size: 1 }, '/file_path: The name ".." in "a/../b"'],
  [{ file_path: "a", size: -1 }, '/size: The value of "size" cannot be -1'],
  [{ file_path: "a", size: 1.5 }, '/size: The value of "size" cannot be 1.5'],
  [{ file_path: "a", size: 2 ** 53 }, '/size: The value of "size" cannot be 9007199254740992'],
  [{ file_path: "a", size: "1" }, '/size: The value of "size" cannot be a text'],
  [{ file_path: "a", size: 1, hash: "sha256:12" }, '/hash: The value of "hash" is no SHA-256'],
  [{ file_path: "a", size: 1, state: "sync" }, '/state: The value of "state" cannot be "sync"'],
  [
    { file_path: "a", size: 1, modified_time: "2023-02-29T00:00:00Z" },
    '/modified_time: The value of "modified_time" is no time',
  ],
  [{ file_path: "a", size: 1, mode: 420 }, '/mode: The value of "mode" are no permissions'],
  [{ file_path: "a", kind: "directory", hash: "0".repeat(64) }, "/hash: A directory has no hash"],
  [{ file_path: "a", kind: "symlink" }, ': The member "target" is missing'],
  [{ file_path: "a", kind: "symlink", target: "x\0" }, "/target: The target holds a NUL character"],
  [{ file_path: "a", size: 1, owner: "\ud800" }, '/owner: The value of "owner" cannot be a text'],
  [{ file_path: "a", size: 1, replicas: {} }, "/replicas: The replicas are an object"],
  [
    { file_path: "a", size: 1, replicas: [{ node: "n", version: 1 }, { node: "n", version: 2 }, { node: "m" }, 1] },
    '/replicas/1/node: The node "n" comes twice',
    '/replicas/2: The member "version" is missing',
    "/replicas/3: The replica is a number",
  ],
  [
    { files: [{ file_path: "a", size: 1 }, { file_path: "/a", size: 2 }, null] },
    '/files/1: The path "a" is named twice, first at /files/0',
    "/files/2: The metadata is null",
  ],
];

for (const [body, ...expected] of wrong) {
  Deno.test(`parseFilesJson() tells what is wrong with ${JSON.stringify(body)}`, () => {
    assertEquals(mistakes(JSON.stringify(body)), expected);
  });
}

Deno.test("parseFilesJson() names the line and column where a text stops being JSON", () => {
  const places = [
    ['{\n "a": ,\n}', 2, 7],
    ["", 1, 1],
    ['{"a"', 1, 5],
    ['{"a":1,}', 1, 8],
    ["[1,]", 1, 4],
    ["[1]]", 1, 4],
    ["{}}", 1, 3],
    ['["a\tb"]', 1, 2],
    ['{"a" 1}', 1, 6],
    ["{'a':1}", 1, 2],
    ["[01]", 1, 3],
    ["\r\n[ true false ]", 2, 8],
  ] as const;
  for (const [text, line, column] of places) {
    const parsed = parseFilesJson(text, { mtimeMs: 0 });
    assertEquals(parsed.ok ? [] : parsed.error.map(({ line, column }) => [line, column]), [[line, column]]);
  }
});

Deno.test("parseFilesJson() survives deep nesting and tells at most so many mistakes", () => {
  assertEquals(mistakes("[".repeat(1_000_000)).length, 1);
  assertEquals(mistakes(JSON.stringify({ files: new Array(2 * jsonProblemsMax).fill(0) })).length, jsonProblemsMax);
});
