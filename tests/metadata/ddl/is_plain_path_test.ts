import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseSafePath } from "../../../lib/core/mod.ts";
import { isPlainPath } from "../../../lib/metadata/ddl/is_plain_path.ts";

Deno.test("isPlainPath() says yes to no path that parseSafePath() would refuse or change", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab.~ /\\\0é-0:["), maxLength: 12 });
  fc.assert(
    fc.property(text, (path) => {
      if (isPlainPath(path)) assertEquals(parseSafePath(path), { ok: true, value: path });
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("isPlainPath() says yes to usual paths and no to those that need a closer look", () => {
  for (const path of ["a", "src/main.ts", "a b/c~d", "x".repeat(255)]) assert(isPlainPath(path), path);
  for (const path of ["", "/a", "a/", "a//b", ".", "..", "a/../b", ".git", "a\\b", "é", "a\n", "x".repeat(256)]) {
    assert(!isPlainPath(path), path);
  }
});
