/**
 * The binary form of metadata against JSON of the same entries, which is parsed and checked as the API does:
 * `deno bench --allow-all bench/metadata_codec_bench.ts`. The sizes of both are printed first.
 *
 * @module
 */
import { type SafePath, sha256 } from "../lib/core/mod.ts";
import { decodeMetadata, encodeMetadata } from "../lib/metadata/binary/mod.ts";
import { fileJson, parseFilesJson } from "../lib/metadata/json/mod.ts";
import type { FileMetadata } from "../lib/metadata/mod.ts";

const count = 10_000;
const filesPerFolder = 9;
const bytes = new TextEncoder();

/** Entries as a space has them: a few files a folder, few owners, a replica on two nodes. */
function entryOf(index: number): FileMetadata {
  const path = `packages/module-${Math.floor(index / filesPerFolder)}/source/file-${index}.ts` as SafePath;
  const version = 1 + index % 7;
  return {
    path,
    kind: "file",
    size: index * 137 % 100_000,
    hash: sha256(bytes.encode(path)),
    mtimeMs: 1_700_000_000_000 + index * 1013,
    mode: 0o644,
    version,
    owner: `laptop${index % 3}`,
    syncState: { status: "synced", replicas: [{ node: "server", version }, { node: `laptop${index % 3}`, version }] },
  };
}

const entries = Array.from({ length: count }, (_, index) => entryOf(index));
const toJson = (): Uint8Array => bytes.encode(JSON.stringify({ files: entries.map(fileJson) }));
const json = toJson();
const pieces = [...encodeMetadata(entries)];
const binaryBytes = pieces.reduce((sum, { length }) => sum + length, 0);
console.log(
  `${count} entries: JSON ${json.length} bytes, binary ${binaryBytes} bytes, ` +
    `1 : ${(json.length / binaryBytes).toFixed(2)}`,
);

const text = new TextDecoder();
Deno.bench("JSON.parse and check", { group: "decode", baseline: true }, () => {
  const parsed = parseFilesJson(text.decode(json), { mtimeMs: 0 });
  if (!parsed.ok || parsed.value.length !== count) throw new Error("The benchmark's own JSON is refused");
});
Deno.bench("binary", { group: "decode" }, () => {
  const decoded = decodeMetadata(pieces);
  if (!decoded.ok || decoded.value.length !== count) throw new Error("The benchmark's own stream is refused");
});

Deno.bench("JSON.stringify", { group: "encode", baseline: true }, () => void toJson());
Deno.bench("binary", { group: "encode" }, () => void [...encodeMetadata(entries)]);
