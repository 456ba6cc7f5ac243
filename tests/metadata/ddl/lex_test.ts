import { assertEquals } from "@std/assert";
import { lex } from "../../../lib/metadata/ddl/mod.ts";

Deno.test("lex() gives each token its line, column, offset and value", () => {
  const { tokens, diagnostics } = lex('# top\nk:\r\n  - m: "x\\ty" # c\n    v: -3\n---\n');
  assertEquals(diagnostics, []);
  assertEquals(
    tokens.map(({ kind, line, column, start, end, value }) => [kind, line, column, start, end, value]),
    [
      ["line_comment", 1, 1, 0, 5, " top"],
      ["key", 2, 1, 6, 7, "k"],
      ["indent", 3, 3, 12, 12, null],
      ["dash", 3, 3, 12, 13, null],
      ["indent", 3, 5, 14, 14, null],
      ["key", 3, 5, 14, 15, "m"],
      ["text", 3, 8, 17, 23, "x\ty"],
      ["end_comment", 3, 15, 24, 27, " c"],
      ["key", 4, 5, 32, 33, "v"],
      ["integer", 4, 8, 35, 37, -3],
      ["dedent", 5, 1, 38, 38, null],
      ["dedent", 5, 1, 38, 38, null],
      ["separator", 5, 1, 38, 41, null],
      ["end", 6, 1, 42, 42, null],
    ],
  );
});

Deno.test("lex() tells the kinds of plain scalars apart", () => {
  const { tokens } = lex("- word\n- 12\n- true\n- false\n- null\n- ~\n- 1970-01-01T00:00:01Z\n");
  const values = tokens.filter(({ kind }) => kind !== "dash").map(({ kind, value }) => [kind, value]);
  assertEquals(values, [
    ["text", "word"],
    ["integer", 12],
    ["boolean", true],
    ["boolean", false],
    ["null", null],
    ["null", null],
    ["timestamp", 1000],
    ["end", null],
  ]);
});

Deno.test("lex() gives an invalid token for each mistake and goes on behind it", () => {
  const { tokens, diagnostics } = lex('a: &x\nb: "y\n\tc: 1\nd: 1\n');
  assertEquals(tokens.map(({ kind }) => kind), [
    "key",
    "invalid",
    "key",
    "invalid",
    "invalid",
    "key",
    "integer",
    "end",
  ]);
  assertEquals(diagnostics.map(({ code }) => code), ["anchor", "unterminated-string", "tab"]);
});

Deno.test("lex() closes as many blocks as it opens, whatever the text", () => {
  for (const text of ["a:\n  b:\n    c: 1", "- - - - 1\n", "a:\n    b: 1\n  c: 2\n", "a:\n  - b:\n  c\n"]) {
    const kinds = lex(text).tokens.map(({ kind }) => kind);
    assertEquals(kinds.filter((kind) => kind === "indent").length, kinds.filter((kind) => kind === "dedent").length);
  }
});
