import { parse } from "@std/yaml";
import { assertEquals } from "@std/assert";
import { editConfig } from "../../../lib/client/settings/mod.ts";

const next = { remote: "https://b:2", space: "two" };

Deno.test("editConfig() replaces lines, and leaves everything else as it was written", () => {
  const text = `# my configuration
remote: http://a:1  # the old box
limit_up:   2MB
ignore:
  - "*.iso"   # large
  - 'remote: x'

space: "one # two" # which
# the end`;
  assertEquals(
    editConfig(text, next),
    `# my configuration
remote: 'https://b:2'  # the old box
limit_up:   2MB
ignore:
  - "*.iso"   # large
  - 'remote: x'

space: two # which
# the end`,
  );
});

Deno.test("editConfig() adds what is missing at the end, and begins an empty file", () => {
  assertEquals(editConfig("", next), "remote: 'https://b:2'\nspace: two\n");
  assertEquals(editConfig("# only this", next), "# only this\nremote: 'https://b:2'\nspace: two\n");
  assertEquals(editConfig("settle: 1s\n", { space: "x" }), "settle: 1s\nspace: x\n");
});

Deno.test("editConfig() touches nothing where it says so already", () => {
  const text = "remote: https://b:2\nspace:    'two'\r\n# x\n";
  assertEquals(editConfig(text, next), text);
});

Deno.test("editConfig() keeps every key of a file it cannot edit by the line", () => {
  const texts = [
    "{remote: 'http://a:1', limit_up: 2MB}\n",
    "remote: >-\n  http://a\n  :1\nlimit_up: 2MB\n",
    "---\nremote: http://a:1\nlimit_up: 2MB\n...\n",
    "'remote': http://a:1\nlimit_up: 2MB\n",
    "remote: &a http://a:1\nlimit_up: 2MB\nspace: *a\n",
  ];
  for (const text of texts) assertEquals(parse(editConfig(text, next)), { ...next, limit_up: "2MB" }, text);
});

Deno.test("editConfig() writes values that mean something else without quotes", () => {
  for (const space of ["7", "null", "a: b", "#x", "- a", "off", " a ", "ü", 'say "x"', "it's", "x".repeat(200)]) {
    assertEquals(parse(editConfig("space: s # keep\n", { space })), { space }, space);
  }
});
