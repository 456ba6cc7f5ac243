import { assertEquals } from "@std/assert";
import { parseMetadata } from "../../../lib/metadata/ddl/mod.ts";
import { corpus } from "./corpus.ts";

/** The entries of a snippet of the corpus, as plain data. */
function entriesOf(file: string): unknown {
  const text = corpus("accepted").find((snippet) => snippet.file === file)?.text;
  if (text === undefined) throw new Error(`There is no ${file}`);
  const parsed = parseMetadata(text);
  return parsed.ok ? parsed.value : parsed.error;
}

Deno.test("parseMetadata() reads an entry with all of its keys", () => {
  assertEquals(entriesOf("one_entry.ddl"), [{
    path: "document.pdf",
    kind: "file",
    size: 1048576,
    hash: "0123456789abcdef".repeat(4),
    mtimeMs: Date.UTC(2024, 0, 15, 10, 30),
    mode: 0o644,
    version: 3,
    owner: "laptop1",
    syncState: { status: "synced", replicas: [{ node: "server1", version: 3 }] },
  }]);
});

Deno.test("parseMetadata() reads a hash that is left out in an example as none", () => {
  const [entry] = Array.isArray(entriesOf("elided_hash.ddl")) ? [entriesOf("elided_hash.ddl")].flat() : [];
  assertEquals(typeof entry === "object" && entry !== null && "hash" in entry, false);
  assertEquals(typeof entry === "object" && entry !== null && "path" in entry && entry.path, "document.pdf");
});

Deno.test("parseMetadata() reads a list of entries and gives each kind its defaults", () => {
  const state = { status: "pending", replicas: [] };
  const mtimeMs = Date.UTC(2024, 0, 15, 10, 30);
  assertEquals(entriesOf("entry_list.ddl"), [
    { path: "src", kind: "directory", version: 1, size: 0, mtimeMs, mode: 0o755, syncState: state },
    {
      path: "src/main.ts",
      kind: "file",
      version: 2,
      size: 10,
      mtimeMs: mtimeMs - 3_600_000 + 250,
      mtimeRestNs: 481_516,
      mode: 0o755,
      syncState: state,
    },
    {
      path: "src/link",
      kind: "symlink",
      target: "main.ts",
      version: 1,
      size: 0,
      mtimeMs,
      mode: 0o777,
      syncState: state,
    },
  ]);
});

Deno.test("parseMetadata() reads the entries of all documents", () => {
  const entries = entriesOf("documents.ddl");
  assertEquals(Array.isArray(entries) && entries.length, 2);
});

Deno.test("parseMetadata() reads a text without entries as no entries", () => {
  for (const text of ["", "\n", "# nothing\n", "---\n---\n"]) {
    assertEquals(parseMetadata(text), { ok: true, value: [] });
  }
});

Deno.test("parseMetadata() takes null for a key that is not there", () => {
  const text =
    "file_metadata:\n  name: a\n  version: 1\n  size: 1\n  last_modified: 0\n  owner: null\n  mode: ~\n  hash:\n" +
    "  sync_state:\n    status: null\n    replicas:\n";
  const parsed = parseMetadata(text);
  assertEquals(parsed.ok && parsed.value.map(({ mode, owner, syncState }) => ({ mode, owner, syncState })), [
    { mode: 0o644, owner: undefined, syncState: { status: "pending", replicas: [] } },
  ]);
});
