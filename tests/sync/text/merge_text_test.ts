import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { err, ok, type Result } from "../../../lib/core/mod.ts";
import { type MergeProblem, mergeText, textBytesMax } from "../../../lib/sync/text/mod.ts";
import { anyText, bytesOf, textOf } from "./texts.ts";

/** Merges texts. */
function merge(base: string, ours: string, theirs: string): Result<string, MergeProblem> {
  const merged = mergeText({ base: bytesOf(base), ours: bytesOf(ours), theirs: bytesOf(theirs) });
  return merged.ok ? ok(textOf(merged.value)) : merged;
}

/** A text of lines that are all different, and the same with the lines that `edit` changes. */
const numbered = (count: number, edit: (line: number) => string | undefined): string =>
  Array.from({ length: count }, (_, line) => edit(line) ?? `line ${line}\n`).join("");

Deno.test("mergeText() with one side unchanged gives the other side", () => {
  fc.assert(fc.property(anyText, anyText, (base, side) => {
    assertEquals(merge(base, base, side), ok(side));
    assertEquals(merge(base, side, base), ok(side));
  }));
});

Deno.test("mergeText() of two sides that became the same gives that", () => {
  fc.assert(fc.property(anyText, anyText, (base, side) => assertEquals(merge(base, side, side), ok(side))));
});

Deno.test("mergeText() is the same whichever side is called ours", () => {
  fc.assert(fc.property(anyText, anyText, anyText, (base, a, b) => assertEquals(merge(base, a, b), merge(base, b, a))));
});

Deno.test("mergeText() joins edits that lie apart, whatever they are", () => {
  const anyEdit = fc.constantFrom("", "other\n", "two\nlines\n", "crlf\r\n");
  const anyEdits = fc.array(fc.tuple(fc.boolean(), anyEdit), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(anyEdits, (edits) => {
    // Every second line may be edited, by one side each; the lines between stay.
    const of = (ours: boolean) => (line: number): string | undefined => {
      const edit = line % 2 === 0 ? undefined : edits[(line - 1) / 2];
      return edit?.[0] === ours ? `${edit[1]}` : undefined;
    };
    const lines = edits.length * 2 + 1;
    const [base, ours, theirs] = [
      numbered(lines, () => undefined),
      numbered(lines, of(true)),
      numbered(lines, of(false)),
    ];
    assertEquals(merge(base, ours, theirs), ok(numbered(lines, (line) => of(true)(line) ?? of(false)(line))));
  }));
});

Deno.test("mergeText() makes nothing up: every line comes from one of the versions", () => {
  fc.assert(fc.property(anyText, anyText, anyText, (base, a, b) => {
    const merged = merge(base, a, b);
    if (!merged.ok) return;
    const known = new Set([base, a, b].flatMap((text) => text.split(/(?<=\n)/)));
    for (const line of merged.value.split(/(?<=\n)/)) assert(known.has(line) || line === "", JSON.stringify(line));
  }));
});

Deno.test("mergeText() changes once what both sides changed alike", () => {
  assertEquals(merge("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", "A\nb\nC\nd\ne\n"), ok("A\nb\nC\nd\nE\n"));
});

Deno.test("mergeText() finds that edits of the same line, and of neighboring lines, overlap", () => {
  const overlap = err({ reason: "overlap" as const });
  assertEquals(merge("a\nb\nc\n", "a\nB\nc\n", "a\nbb\nc\n"), overlap);
  assertEquals(merge("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nC\nd\n"), overlap);
  assertEquals(merge("a\nb\n", "a\nx\nb\n", "a\ny\nb\n"), overlap, "put in at the same place");
  assertEquals(merge("a\nb\nc\n", "a\nc\n", "a\nb!\nc\n"), overlap, "deleted here, changed there");
  assertEquals(merge("", "a\n", "b\n"), overlap);
  assertEquals(merge("a\nb\nc\nd\ne\n", "a\nB\nc\nD\ne\n", "a\nx\ny\nz\ne\n"), overlap, "one edit over two");
});

Deno.test("mergeText() keeps the line ends of each line", () => {
  assertEquals(merge("a\r\nb\nc\r\nd\n", "A\r\nb\nc\r\nd\n", "a\r\nb\nc\r\nD\r\n"), ok("A\r\nb\nc\r\nD\r\n"));
  assertEquals(merge("a\nb\nc\n", "a\r\nb\nc\n", "a\nb\nc\r\n"), ok("a\r\nb\nc\r\n"));
  assertEquals(merge("a\rb\nx\nc\n", "a\rB\nx\nc\n", "a\rb\nx\nC\n"), ok("a\rB\nx\nC\n"), "a lone CR ends no line");
});

Deno.test("mergeText() keeps a missing final newline, and one that a side added or took", () => {
  assertEquals(merge("a\nb\nc", "A\nb\nc", "a\nb\nc"), ok("A\nb\nc"));
  assertEquals(merge("a\nb\nc", "A\nb\nc", "a\nb\nc\n"), ok("A\nb\nc\n"));
  assertEquals(merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nc"), ok("A\nb\nc"));
  assertEquals(merge("a\nb\n", "a\nb", "a\nb\nc\n"), err({ reason: "overlap" }), "no two lines may become one");
});

Deno.test("mergeText() keeps a byte order mark and characters of every length", () => {
  assertEquals(merge("\uFEFFä\n€\n😀\n", "\uFEFFÄ\n€\n😀\n", "\uFEFFä\n€\n😎\n"), ok("\uFEFFÄ\n€\n😎\n"));
});

Deno.test("mergeText() takes names of object members for lines like any other", () => {
  assertEquals(
    merge("__proto__\nconstructor\n1\n", "x\nconstructor\n1\n", "__proto__\nconstructor\n2\n"),
    ok("x\nconstructor\n2\n"),
  );
});

Deno.test("mergeText() refuses bytes that are no text, on any side", () => {
  const text = bytesOf("a\n");
  const latin1 = new Uint8Array([0x61, 0xe4, 0x0a]);
  const surrogate = new Uint8Array([0xed, 0xa0, 0x80]);
  for (const bytes of [new Uint8Array([0x61, 0, 0x0a]), latin1, surrogate]) {
    const problem = err({ reason: "binary" as const });
    assertEquals(mergeText({ base: bytes, ours: text, theirs: text }), problem);
    assertEquals(mergeText({ base: text, ours: bytes, theirs: text }), problem);
    assertEquals(mergeText({ base: text, ours: text, theirs: bytes }), problem);
  }
});

Deno.test("mergeText() refuses what is too long, and what differs in too many lines", () => {
  const [text, long] = [bytesOf("a\n"), new Uint8Array(textBytesMax + 1).fill(0x61)];
  const problem = err({ reason: "too_large" as const });
  assertEquals(mergeText({ base: text, ours: long, theirs: text }), problem);
  assertEquals(mergeText({ base: text, ours: long.subarray(1), theirs: text }), ok(long.subarray(1)));
  const [base, other] = [numbered(3_000, () => undefined), numbered(3_000, (line) => `other ${line}\n`)];
  assertEquals(merge(base, other, base), problem);
});

Deno.test("mergeText() of long texts with few edits and many equal lines ends", () => {
  const lines = Array.from({ length: 100_000 }, (_, line) => line % 3 === 0 ? "\n" : `line ${line}\n`);
  const ours = ["first\n", ...lines];
  const theirs = [...lines, "last\n"];
  assertEquals(merge(lines.join(""), ours.join(""), theirs.join("")), ok(["first\n", ...lines, "last\n"].join("")));
});
