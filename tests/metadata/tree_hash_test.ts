import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  compareNames,
  directoryHash,
  emptyTree,
  type Entry,
  type HashedChild,
  sameEntry,
} from "../../lib/metadata/mod.ts";
import { sha256 } from "../../lib/core/mod.ts";
import { anyEntry, anyHash } from "./binary/record_arbitrary.ts";
import { contentOf, directory, file, symlink } from "./store/fixtures.ts";

const children: readonly HashedChild[] = [
  { name: "a", entry: directory(0o700), tree: contentOf("tree") },
  { name: "b.txt", entry: file("text", { mtimeMs: -1 }) },
  { name: "\u{1f600}", entry: symlink("../b.txt") },
];

/** Any children of a directory, sorted. */
const anyChildren = fc.uniqueArray(
  fc.tuple(fc.constantFrom("a", "b", "ab", "", "\u{1f600}", "\uff5e"), anyEntry, anyHash),
  { selector: ([name]) => name },
).map((drafts) =>
  drafts.map(([name, entry, tree]): HashedChild => entry.kind === "directory" ? { name, entry, tree } : { name, entry })
    .sort((a, b) => compareNames(a.name, b.name))
);

Deno.test("directoryHash() is what it always was: it is part of the stored format", () => {
  assertEquals(directoryHash(children), "38d8bed8f189dbc346bd4ebbf4c43d7c22569a0dfa23cf854e6aefe46c0e8bd6");
  assertEquals(emptyTree, sha256(new Uint8Array()));
});

Deno.test("directoryHash() of times with nanoseconds is what it always was", () => {
  const entry = file("text", { mtimeMs: -1, mtimeRestNs: 999_999 });
  assertEquals(
    directoryHash([{ name: "b.txt", entry }]),
    "1f2e624e5c6375f2425cf21bf9caf6b84df3f85df8cc9ab67995dc5d64855790",
  );
  const none = children.map((child) =>
    child.entry.kind === "file" ? { ...child, entry: { ...child.entry, mtimeRestNs: 0 } } : child
  );
  assertEquals(directoryHash(none), directoryHash(children));
});

Deno.test("directoryHash() is equal only for equal children", () => {
  fc.assert(
    fc.property(anyChildren, anyChildren, (a, b) => {
      const same = a.length === b.length && a.every((child, index) => {
        const other = b[index]!;
        return child.name === other.name && sameEntry(child.entry, other.entry) && child.tree === other.tree;
      });
      assertEquals(directoryHash(a) === directoryHash(b), same);
      assertEquals(directoryHash(a), directoryHash(structuredClone(a)));
    }),
    { numRuns: 500 },
  );
});

const changes: Record<string, HashedChild> = {
  "another name": { ...children[1]!, name: "b.tx" },
  "other permissions of a file": { ...children[1]!, entry: file("text", { mtimeMs: -1, mode: 0o600 }) },
  "another time": { ...children[1]!, entry: file("text", { mtimeMs: 1 }) },
  "a time with nanoseconds": { ...children[1]!, entry: file("text", { mtimeMs: -1, mtimeRestNs: 1 }) },
  "another size": { ...children[1]!, entry: { ...file("text", { mtimeMs: -1 }), size: 5 } },
  "another content": { ...children[1]!, entry: file("exit", { mtimeMs: -1 }) },
  "another target": { ...children[2]!, entry: symlink("../b.tx") },
  "other permissions of a folder": { ...children[0]!, entry: directory(0o755) },
  "another tree below": { ...children[0]!, tree: contentOf("other") },
};

for (const [what, child] of Object.entries(changes)) {
  Deno.test(`directoryHash() differs by ${what}`, () => {
    const changed = children.map((other) => other.entry.kind === child.entry.kind ? child : other);
    assertEquals(new Set([directoryHash(children), directoryHash(changed)]).size, 2);
  });
}

Deno.test("directoryHash() fails without the tree of a directory in it", () => {
  const entry: Entry = directory();
  assertThrows(() => directoryHash([{ name: "d", entry }]), TypeError, '"d"');
});

Deno.test("compareNames() goes by UTF-16 code units, as strings compare", () => {
  const sorted = ["", "A", "B", "a", "a-", "a/", "aa", "\u00e9", "\u{1f600}", "\uff5e"];
  assertEquals(sorted.toReversed().sort(compareNames), sorted);
  assertEquals(compareNames("x", "x"), 0);
});
