import { assert, assertEquals } from "@std/assert";
import { parseDdl, renderDiagnostics } from "../../../lib/metadata/ddl/mod.ts";

/** The rendered mistakes of a text. */
function rendered(text: string): string {
  return renderDiagnostics(text, parseDdl(text).diagnostics);
}

Deno.test("renderDiagnostics() puts the caret below the mistake behind characters of two code units", () => {
  assertEquals(rendered('a: "😀😀\\q"\n').split("\n").slice(3, 5), ['1 | a: "😀😀\\q"', "  |       ^^"]);
});

Deno.test("renderDiagnostics() shows only a part of a long line", () => {
  const lines = rendered(`a: "${"x".repeat(1_000)}\\q${"y".repeat(1_000)}"\n`).split("\n");
  const [source = "", caret = ""] = lines.slice(3, 5);
  assert(source.length < 140 && source.includes("...") && source.endsWith("..."));
  assertEquals(source.indexOf("\\q"), caret.indexOf("^^"));
});

Deno.test("renderDiagnostics() lets no control character through", () => {
  // deno-lint-ignore no-control-regex
  assert(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(rendered('a: "\x1b[31m\u202e\x07"\n\tb: 1\n')));
});

Deno.test("renderDiagnostics() paints the parts", () => {
  const text = "a: *x\n";
  const painted = renderDiagnostics(text, parseDdl(text).diagnostics, {
    paint: (part, value) => `<${part}>${value}</>`,
  });
  for (const part of ["heading", "place", "gutter", "source", "caret", "note"]) assert(painted.includes(`<${part}>`));
});

Deno.test("renderDiagnostics() shows a mistake at the end of the text", () => {
  assertEquals(rendered("- ").split("\n").slice(0, 5), [
    "error[empty-item]: The list item is empty",
    " --> <input>:1:1",
    "  |",
    "1 | - ",
    "  | ^",
  ]);
});
