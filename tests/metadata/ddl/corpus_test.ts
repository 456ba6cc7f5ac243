import { assert, assertEquals } from "@std/assert";
import { parseAll } from "@std/yaml";
import { formatDdl, parseDdl, parseMetadata, renderDiagnostics, toData } from "../../../lib/metadata/ddl/mod.ts";
import { checkInput } from "./check_input.ts";
import { corpus, expectedMistakes } from "./corpus.ts";

for (const { file, text } of corpus("accepted")) {
  Deno.test(`parseDdl() reads ${file} as @std/yaml does`, () => {
    const { stream, diagnostics } = parseDdl(text);
    assertEquals(renderDiagnostics(text, diagnostics), "");
    assertEquals(stream.documents.map(({ root }) => toData(root)), parseAll(text));
    assert(checkInput(text, { yaml: true, render: true }));
  });

  Deno.test(`formatDdl() of ${file} is read as the same by @std/yaml`, () => {
    const formatted = formatDdl(text);
    assert(formatted.ok);
    assertEquals(parseAll(formatted.value), parseAll(text));
  });
}

for (const { file, text } of corpus("refused")) {
  Deno.test(`${file} is refused with the mistakes that are expected`, () => {
    const syntax = parseDdl(text).diagnostics;
    const parsed = parseMetadata(text);
    assert(!parsed.ok);
    const found = /^(?:schema|many)_/.test(file) ? parsed.error : syntax;
    assertEquals(renderDiagnostics(text, found, { file }), expectedMistakes(file));
  });
}

Deno.test("parseMetadata() reports every mistake of the syntax among those of the schema", () => {
  for (const { text } of corpus("refused")) {
    const parsed = parseMetadata(text);
    assert(!parsed.ok);
    for (const diagnostic of parseDdl(text).diagnostics) {
      assert(parsed.error.some(({ offset, code }) => offset === diagnostic.offset && code === diagnostic.code));
    }
  }
});
