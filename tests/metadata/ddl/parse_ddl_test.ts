import { assertEquals } from "@std/assert";
import { type Node, parseDdl, toData } from "../../../lib/metadata/ddl/mod.ts";

/** The root of a text's only document. */
function root(text: string): Node {
  const { stream, diagnostics } = parseDdl(text);
  assertEquals(diagnostics, []);
  const [document] = stream.documents;
  if (document === undefined) throw new Error("The text has no document");
  return document.root;
}

Deno.test("parseDdl() gives nodes with their places", () => {
  assertEquals(root("a:\n  - 1\n"), {
    kind: "mapping",
    damaged: false,
    start: 0,
    end: 9,
    entries: [{
      key: "a",
      start: 0,
      end: 1,
      comments: undefined,
      value: {
        kind: "sequence",
        start: 5,
        end: 9,
        items: [{ start: 5, end: 6, comments: undefined, value: { kind: "integer", value: 1, start: 7, end: 8 } }],
      },
    }],
  });
});

Deno.test("parseDdl() gives comments to the key or item below and to the one on their line", () => {
  const node = root("# one\n# two\na: # three\n  - 1 # four\n");
  if (node.kind !== "mapping") throw new Error("The root is no mapping");
  assertEquals(node.entries[0]?.comments, { before: [" one", " two"], after: " three" });
  const list = node.entries[0]?.value;
  assertEquals(list?.kind === "sequence" && list.items[0]?.comments, { before: [], after: " four" });
});

Deno.test("parseDdl() keeps what it can read of a text with mistakes", () => {
  const { stream, diagnostics } = parseDdl("a: 1\nb: [2]\n?\nc: 3\n");
  assertEquals(diagnostics.map(({ code, line }) => [code, line]), [["flow-collection", 2], ["complex-key", 3]]);
  assertEquals(stream.documents.map((document) => toData(document.root)), [{ a: 1, b: null, c: 3 }]);
});

Deno.test("parseDdl() finds repeated keys among many", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `k${index}: 1\n`).join("");
  const { diagnostics } = parseDdl(`${lines}k3: 2\nk39: 2\n`);
  assertEquals(diagnostics.map(({ code, line, related }) => [code, line, related?.line]), [
    ["duplicate-key", 41, 4],
    ["duplicate-key", 42, 40],
  ]);
});

Deno.test("parseDdl() goes on in the next document behind a mistake", () => {
  const { stream, diagnostics } = parseDdl("a:\n    b: *x\n  c: 1\n---\nd: 2\n");
  assertEquals(diagnostics.map(({ code }) => code), ["alias", "alignment"]);
  assertEquals(stream.documents.map((document) => toData(document.root)), [{ a: { b: null, c: 1 } }, { d: 2 }]);
});
