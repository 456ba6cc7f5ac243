import { assertEquals } from "@std/assert";
import type { Hash, SafePath } from "../../../lib/core/mod.ts";
import { decodeMetadata, encodeMetadata } from "../../../lib/metadata/binary/mod.ts";
import type { FileMetadata } from "../../../lib/metadata/mod.ts";

/** What the streams in `tests/fixtures/metadata` hold, whatever schema they are written in. */
const entries: readonly FileMetadata[] = [
  {
    path: "documents" as SafePath,
    kind: "directory",
    size: 0,
    mtimeMs: 1_705_314_600_000,
    mode: 0o755,
    version: 1,
    syncState: { status: "synced", replicas: [] },
  },
  {
    path: "documents/Bericht für Zoë \u{1f4c4}.pdf" as SafePath,
    kind: "file",
    size: 1_048_576,
    hash: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" as Hash,
    mtimeMs: 1_705_314_600_250,
    mode: 0o640,
    version: 3,
    owner: "laptop1",
    syncState: { status: "synced", replicas: [{ node: "server1", version: 3 }, { node: "laptop1", version: 3 }] },
  },
  {
    path: "documents/latest" as SafePath,
    kind: "symlink",
    size: 10,
    target: "../old/\u00e9",
    mtimeMs: -1,
    mode: 0o777,
    version: 2 ** 40,
    syncState: { status: "conflict", replicas: [{ node: "laptop1", version: 1 }] },
  },
  {
    path: "z" as SafePath,
    kind: "file",
    size: Number.MAX_SAFE_INTEGER,
    mtimeMs: 0,
    mode: 0,
    version: 0,
    owner: "server1",
    syncState: { status: "pending", replicas: [] },
  },
];

function streamOf(schema: number): Uint8Array {
  return Deno.readFileSync(new URL(`../../fixtures/metadata/schema${schema}_files.bin`, import.meta.url));
}

for (const schema of [1]) {
  Deno.test(`decodeMetadata() reads metadata that was written in schema ${schema}`, () => {
    assertEquals(decodeMetadata([streamOf(schema)]), { ok: true, value: [...entries] });
  });
}

Deno.test("encodeMetadata() writes times without nanoseconds byte for byte as it did before it knew any", () => {
  const written = [...encodeMetadata(entries.map((entry) => ({ ...entry, mtimeRestNs: 0 })))];
  assertEquals(written.map((piece) => piece.toHex()).join(""), streamOf(1).toHex());
});
