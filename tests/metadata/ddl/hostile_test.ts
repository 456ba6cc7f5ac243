import { assert, assertEquals } from "@std/assert";
import { diagnosticsMax, nestingDepthMax, parseDdl, parseMetadata, toData } from "../../../lib/metadata/ddl/mod.ts";

/** Blocks in one another. */
function nested(levels: number): string {
  return Array.from({ length: levels + 1 }, (_, level) => `${"  ".repeat(level)}k:\n`).join("");
}

Deno.test("parseDdl() accepts the greatest nesting and names one that is deeper", () => {
  assertEquals(parseDdl(nested(nestingDepthMax)).diagnostics, []);
  assertEquals(parseDdl(nested(nestingDepthMax + 1)).diagnostics.map(({ code }) => code), ["nesting"]);
});

Deno.test("parseDdl() does not grow the stack with the nesting", () => {
  for (const text of ["- ".repeat(1_000_000), nested(2_000), "a:\n- ".repeat(10_000), "- a:\n".repeat(10_000)]) {
    assert(parseDdl(text).diagnostics.length > 0 || text.startsWith("- a"));
  }
});

Deno.test("parseDdl() stops after a limited number of mistakes", () => {
  const { diagnostics } = parseDdl("@\n".repeat(100_000));
  assertEquals(diagnostics.length, diagnosticsMax);
  assertEquals(diagnostics.at(-1)?.code, "too-many");
});

Deno.test("parseMetadata() stops after a limited number of mistakes of the schema", () => {
  const parsed = parseMetadata(`file_metadata:\n${"  - a: 1\n".repeat(50_000)}`);
  assertEquals(!parsed.ok && parsed.error.length, diagnosticsMax);
});

Deno.test("toData() makes __proto__ a key like any other", () => {
  const [document] = parseDdl("__proto__:\n  polluted: true\nconstructor: 1\n").stream.documents;
  assert(document !== undefined);
  const data = toData(document.root);
  assert(typeof data === "object" && data !== null);
  assertEquals(Object.keys(data), ["__proto__", "constructor"]);
  assertEquals(Object.getPrototypeOf(data), Object.prototype);
  assertEquals("polluted" in {}, false);
});

Deno.test("parseMetadata() takes __proto__ for an unknown key", () => {
  const parsed = parseMetadata("file_metadata:\n  __proto__: 1\n  hasOwnProperty: 2\n");
  assertEquals(!parsed.ok && parsed.error.map(({ code }) => code).filter((code) => code === "unknown-key").length, 2);
});

Deno.test("parseDdl() looks at a line of any length a fixed number of times", () => {
  const long = "x".repeat(1_000_000);
  const texts = [
    `a: "${long}`,
    `${long}: 1`,
    `"${long}": 1`,
    `a: ${long}:`,
    `- '${long}`,
    " ".repeat(1_000_000) + "a: 1",
    `#${long}`,
  ];
  for (const text of texts) {
    for (const { offset, length } of parseDdl(text).diagnostics) assert(offset + length <= text.length);
  }
});

Deno.test("parseDdl() finds repeated keys among a hundred thousand", () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `k${index}: 1\n`).join("");
  assertEquals(parseDdl(`${keys}k7: 2\n`).diagnostics.map(({ code, line }) => [code, line]), [[
    "duplicate-key",
    100_001,
  ]]);
});
