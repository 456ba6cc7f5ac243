import { assertEquals } from "@std/assert";
import { parse } from "@std/yaml";
import fc from "fast-check";
import { formatDdl, parseDdl, parseMetadata, printMetadata, toData } from "../../../lib/metadata/ddl/mod.ts";
import { corpus } from "./corpus.ts";
import { metadataArbitrary } from "./metadata_arbitrary.ts";

const lists = fc.uniqueArray(metadataArbitrary, { maxLength: 5, selector: ({ path }) => path });

Deno.test("parseMetadata() reads from printMetadata() the same entries", () => {
  fc.assert(fc.property(lists, (entries) => {
    assertEquals(parseMetadata(printMetadata(entries)), { ok: true, value: entries });
  }));
});

Deno.test("printMetadata() writes what @std/yaml reads as the same data", () => {
  fc.assert(fc.property(lists.filter(({ length }) => length > 0), (entries) => {
    const text = printMetadata(entries);
    assertEquals(parseDdl(text).stream.documents.map(({ root }) => toData(root)), [parse(text)]);
  }));
});

Deno.test("printMetadata() writes the canonical form", () => {
  fc.assert(fc.property(lists, (entries) => {
    const text = printMetadata(entries);
    assertEquals(formatDdl(text), { ok: true, value: text });
  }));
});

Deno.test("printMetadata() writes an entry as the language reference shows it", () => {
  const text = corpus("accepted").find(({ file }) => file === "one_entry.ddl")?.text ?? "";
  const parsed = parseMetadata(text);
  assertEquals(parsed.ok && printMetadata(parsed.value), text);
});

Deno.test("printMetadata() of nothing is an empty text", () => {
  assertEquals(printMetadata([]), "");
  assertEquals(parseMetadata(""), { ok: true, value: [] });
});
