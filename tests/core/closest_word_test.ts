import { assertEquals } from "@std/assert";
import { closestWord, editDistance } from "../../lib/core/mod.ts";

Deno.test("closestWord() finds what was meant, and nothing where that is anybody's guess", () => {
  const known = ["remote", "space", "settle", "limit_up", "limit_down"];
  const words = ["remtoe", "spac", "limit_upp", "limit-up", "spaces", "colour", "xx"];
  assertEquals(words.map((word) => closestWord(word, known)), [
    ...["remote", "space", "limit_up", "limit_up", "space"],
    ...[undefined, undefined],
  ]);
});

Deno.test("editDistance() counts letters to insert, delete and replace", () => {
  const cases = [["", "", 0], ["a", "", 1], ["", "ab", 2], ["abc", "abc", 0], ["abc", "axc", 1], [
    "ab",
    "ba",
    2,
  ]] as const;
  for (const [a, b, edits] of cases) assertEquals(editDistance(a, b), edits, `${a} ${b}`);
});
