import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Entry, sameContent, sameEntry } from "../../lib/metadata/mod.ts";
import { anyEntry } from "./binary/record_arbitrary.ts";
import { directory, file, symlink } from "./store/fixtures.ts";

/** Entries that all differ, and whether they hold the content of the first of their kind. */
const entries: readonly (readonly [Entry, boolean])[] = [
  [file("a"), true],
  [file("a", { mtimeMs: 5 }), true],
  [file("a", { mtimeMs: 5, mtimeRestNs: 1 }), true],
  [file("a", { mode: 0o755 }), true],
  [file("b"), false],
  [{ ...file("a"), size: 2 }, false],
  [directory(), true],
  [directory(0o700), true],
  [symlink("a"), true],
  [symlink("b"), false],
];

Deno.test("sameEntry() tells all entries apart that differ in anything kept", () => {
  for (const [a] of entries) {
    for (const [b] of entries) assertEquals(sameEntry(a, structuredClone(b)), a === b);
    assertEquals([sameEntry(a, undefined), sameEntry(undefined, a)], [false, false]);
  }
  assertEquals(sameEntry(undefined, undefined), true);
});

Deno.test("sameContent() looks at content only, not at times and permissions", () => {
  for (const kind of ["file", "directory", "symlink"]) {
    const [first] = entries.find(([entry]) => entry.kind === kind)!;
    for (const [entry, same] of entries) {
      const expected = entry.kind === kind && same;
      assertEquals([sameContent(first, entry), sameContent(entry, first)], [expected, expected]);
    }
  }
});

Deno.test("sameContent() holds wherever sameEntry() does, and both ways round", () => {
  fc.assert(fc.property(anyEntry, anyEntry, (a, b) => {
    assertEquals([sameEntry(a, structuredClone(a)), sameContent(a, structuredClone(a))], [true, true]);
    assertEquals([sameEntry(a, b), sameContent(a, b)], [sameEntry(b, a), sameContent(b, a)]);
    if (sameEntry(a, b)) assertEquals(sameContent(a, b), true);
  }));
});
