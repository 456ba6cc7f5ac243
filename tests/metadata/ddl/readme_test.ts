import { assert, assertEquals } from "@std/assert";
import { parseAll } from "@std/yaml";
import { parseDdl, parseMetadata, toData } from "../../../lib/metadata/ddl/mod.ts";

const readme = Deno.readTextFileSync(new URL("../../../lib/metadata/ddl/README.md", import.meta.url));
const blocks = [...readme.matchAll(/^```(ddl|ddl-refused)(?: ([a-z-]+))?\n(.*?)^```$/gms)];

Deno.test("the language reference has examples of both kinds", () => {
  assertEquals(new Set(blocks.map(([, kind]) => kind)), new Set(["ddl", "ddl-refused"]));
});

for (const [, kind, code, text = ""] of blocks) {
  const first = text.split("\n", 1)[0];
  if (kind === "ddl") {
    Deno.test(`the example of the language reference that begins with "${first}" is accepted`, () => {
      const parsed = parseMetadata(text);
      assert(parsed.ok && parsed.value.length > 0);
      assertEquals(parseDdl(text).stream.documents.map(({ root }) => toData(root)), parseAll(text));
    });
  } else {
    Deno.test(`the example of the language reference for ${code} is refused by that name`, () => {
      assertEquals(parseDdl(text).diagnostics[0]?.code, code);
    });
  }
}

Deno.test("the language reference names every key of the schema and no other", () => {
  const named = [...readme.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, key]) => key);
  const parsed = parseMetadata("file_metadata:\n  x: 1\n  sync_state:\n    x: 1\n");
  const known = parsed.ok ? [] : parsed.error.flatMap(({ code, expected }) => code === "unknown-key" ? [expected] : []);
  assertEquals(known.map((expected) => expected?.replace("one of ", "")).join(", "), named.join(", "));
});
