import { assertEquals } from "@std/assert";
import { applyPatch } from "diff";
import fc from "fast-check";
import { textBytesMax, unifiedDiff } from "../../../lib/sync/text/mod.ts";
import { anyText, bytesOf } from "./texts.ts";

/** Compares texts. */
function diff(before: string, after: string): string | undefined {
  return unifiedDiff({ name: "f@1", bytes: bytesOf(before) }, { name: "f@2", bytes: bytesOf(after) });
}

Deno.test("unifiedDiff() of equal texts is empty, and of others never", () => {
  fc.assert(fc.property(anyText, anyText, (a, b) => assertEquals(diff(a, b) === "", a === b)));
});

Deno.test("unifiedDiff() applied to the one text gives the other", () => {
  fc.assert(fc.property(anyText, anyText, (a, b) => {
    assertEquals(applyPatch(a, diff(a, b)!, { autoConvertLineEndings: false }), b);
  }));
});

Deno.test("unifiedDiff() shows three lines around a change, and where it lies", () => {
  const lines = Array.from({ length: 9 }, (_, line) => `${line}\n`);
  assertEquals(
    diff(lines.join(""), lines.with(4, "four\n").join("")),
    "--- f@1\n+++ f@2\n@@ -2,7 +2,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n",
  );
});

Deno.test("unifiedDiff() shows a changed line end and a missing final newline", () => {
  assertEquals(diff("a\r\n", "a\n"), "--- f@1\n+++ f@2\n@@ -1,1 +1,1 @@\n-a\r\n+a\n");
  assertEquals(diff("a\n", "a"), "--- f@1\n+++ f@2\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n");
});

Deno.test("unifiedDiff() quotes names that hold control characters", () => {
  const shown = unifiedDiff({ name: "a\n+++ b", bytes: bytesOf("1\n") }, { name: "b\x1b[2J", bytes: bytesOf("2\n") })!;
  assertEquals(shown.split("\n").slice(0, 2), [`--- "a\\n+++ b"`, `+++ "b\\033[2J"`]);
});

Deno.test("unifiedDiff() of binary and of overlong sides is none", () => {
  const [text, binary] = [bytesOf("a\n"), new Uint8Array([0])];
  const long = new Uint8Array(textBytesMax + 1).fill(0x61);
  for (const bytes of [binary, long, new Uint8Array([0xff])]) {
    assertEquals(unifiedDiff({ name: "a", bytes }, { name: "b", bytes: text }), undefined);
    assertEquals(unifiedDiff({ name: "a", bytes: text }, { name: "b", bytes }), undefined);
  }
});

Deno.test("unifiedDiff() shows texts with nothing in common as one replaced by the other", () => {
  const old = Array.from({ length: 4_000 }, (_, line) => `old ${line}\n`).join("");
  const fresh = Array.from({ length: 4_000 }, (_, line) => `new ${line}\n`).join("") + "end";
  const shown = diff(old, fresh)!;
  assertEquals(shown.split("\n")[2], "@@ -1,4000 +1,4001 @@");
  assertEquals(applyPatch(old, shown), fresh);
});
