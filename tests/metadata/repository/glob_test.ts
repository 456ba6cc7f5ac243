import { assertEquals } from "@std/assert";
import { globToRegExp } from "@std/path";
import fc from "fast-check";
import { Glob } from "../../../lib/metadata/repository/mod.ts";
import { prefixEnd } from "../../../lib/metadata/repository/list_range.ts";

const cases: readonly (readonly [pattern: string, matching: string[], others: string[]])[] = [
  ["a", ["a"], ["b", "a/b", "aa"]],
  ["*", ["a", ".a"], ["a/b"]],
  ["**", ["a", "a/b/c"], []],
  ["a/**", ["a", "a/b", "a/b/c"], ["ab", "b/a"]],
  ["**/a", ["a", "b/a", "b/c/a"], ["a/b"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/b/c", "b"]],
  ["a/**/**/b", ["a/b", "a/x/b"], ["a"]],
  ["?.txt", ["a.txt"], ["ab.txt", "/.txt"]],
  ["a*b*c", ["abc", "axbxc", "abbcc"], ["acb"]],
  ["x**y", ["xy", "xay"], ["x/y"]],
];

for (const [pattern, matching, others] of cases) {
  Deno.test(`Glob matches what the pattern ${pattern} means`, () => {
    const glob = new Glob(pattern);
    for (const path of matching) assertEquals([path, glob.matches(path)], [path, true]);
    for (const path of others) assertEquals([path, glob.matches(path)], [path, false]);
    for (const path of matching) assertEquals(path.startsWith(glob.literalPrefix), true);
  });
}

Deno.test("Glob agrees with @std/path on patterns of names", () => {
  const word = fc.array(fc.constantFrom("a", "b", "/", "*", "."), { minLength: 1, maxLength: 8 }).map((all) =>
    all.join("")
  );
  const plain = word.map((text) => text.replaceAll("*", "b"));
  const proper = (text: string): boolean => !/^\/|\/$|\/\/|\*\*|(^|\/)\.+($|\/)/.test(text);
  fc.assert(
    fc.property(word.filter(proper), plain.filter(proper), (pattern, path) => {
      const glob = new Glob(pattern);
      assertEquals(glob.matches(path), globToRegExp(pattern).test(path));
      if (glob.matches(path)) assertEquals(path.startsWith(glob.literalPrefix), true);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("Glob takes a pattern that stalls regular expressions in its stride", () => {
  const path = `${"a".repeat(255)}/`.repeat(16) + "b";
  assertEquals(new Glob("*a".repeat(200) + "*b").matches(path.replaceAll("/", "")), true);
  assertEquals(new Glob("**/" + "*a/**/".repeat(100) + "c").matches(path), false);
});

Deno.test("prefixEnd() is the least text beyond all that begin with a prefix", () => {
  assertEquals(["a", "a/", "\ud7ff", "a\u{10ffff}", "\u{10ffff}", ""].map(prefixEnd), [
    "b",
    "a0",
    "\ue000",
    "b",
    undefined,
    undefined,
  ]);
});
