import { assert, assertEquals } from "@std/assert";
import { encodeRecords, type MetadataRecord } from "../../../lib/metadata/binary/mod.ts";
import { at, contentOf, directory, file, symlink } from "../store/fixtures.ts";
import { concat } from "../../storage/fixtures.ts";
import { cutBytes, decode } from "./stream.ts";

/** What stands in `schema1.bin`, a stream that the first dfs wrote. It must be read like this for ever. */
const records: readonly MetadataRecord[] = [
  { type: "head", revision: 300, root: contentOf("root") },
  { type: "commit", id: "6f1c", client: "laptop", baseRevision: 299 },
  { type: "entry", path: at("docs"), entry: directory(0o750), version: 1, revision: 2, tree: contentOf("tree") },
  { type: "entry", path: at("empty"), entry: directory(), version: 1, revision: 3 },
  { type: "manifest", content: contentOf("1"), against: contentOf("0"), delta: new Uint8Array([2, 0, 4, 9]) },
  {
    type: "entry",
    path: at("docs/a.txt"),
    entry: file("text", { mtimeMs: -1500, mode: 0o4755 }),
    version: 3,
    revision: 9,
  },
  { type: "entry", path: at("docs/\u{1f600}"), entry: symlink("../caf\u00e9"), version: 1, revision: 1 },
  { type: "deletion", path: at("docs/gone"), version: 2, revision: 300 },
  {
    type: "entry",
    path: at("last"),
    entry: { ...file("big", { mtimeMs: 2 ** 52 - 1 }), size: Number.MAX_SAFE_INTEGER },
    version: 1,
    revision: 128,
  },
];

const bytes = await Deno.readFile(new URL("../../fixtures/metadata/schema1.bin", import.meta.url));

Deno.test("RecordDecoder reads a stream of schema 1 as it was meant", () => {
  assertEquals(bytes[4], 1);
  assertEquals(decode([bytes]), { records });
  assertEquals(decode(cutBytes(bytes, [1, 7])), { records });
});

Deno.test("encodeRecords() writes schema 1 byte for byte as it always did", () => {
  const written = concat([...encodeRecords(records)]);
  assert(
    written[4] === 1,
    "Of a newer schema this says nothing: keep the file, and write one of the new schema beside it",
  );
  assertEquals(written.toHex(), bytes.toHex());
});
