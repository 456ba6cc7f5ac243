import { sha256 } from "../../lib/core/mod.ts";
import { type FileEntry, Manifest } from "../../lib/metadata/mod.ts";
import { findBoundary } from "../../lib/sync/mod.ts";

/** Some bytes as a file, with the chunks they are cut into. */
export interface CutContent {
  readonly entry: FileEntry;
  readonly manifest: Manifest;
  readonly chunks: readonly Uint8Array[];
}

/** Cuts bytes in the plainest way there is: all of them in memory, chunk after chunk. */
export function cutContent(bytes: Uint8Array, mtimeMs = 1_700_000_000_000): CutContent {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = findBoundary(bytes, start, bytes.length);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  const manifest = Manifest.of(chunks.map((chunk) => ({ hash: sha256(chunk), length: chunk.length })));
  const entry: FileEntry = { kind: "file", mode: 0o644, mtimeMs, size: bytes.length, content: manifest.contentId() };
  return { entry, manifest, chunks };
}
