import { err, type Hash, ok, type Result, type SafePath } from "../../core/mod.ts";
import { type Commit, type Entry, fileChunksMax, Manifest, type MetadataStore } from "../../metadata/mod.ts";
import {
  type CommitRecord,
  decodeManifestDelta,
  type ManifestRecord,
  type MetadataRecord,
  RecordDecoder,
  type RecordError,
} from "../../metadata/binary/mod.ts";
import { isReservedPath } from "../reserved_name.ts";

/** The most paths a commit may name. */
export const commitPathsMax = 4_000_000;
/** The most chunks the chunk lists of a commit may name together: some 1 GiB of lists. */
export const commitChunksMax = 28_000_000;

/** What {@linkcode readCommit} works with. */
export interface ReadCommitOptions {
  readonly metadata: MetadataStore;
  readonly committedAtMs: number;
}

/**
 * Reads a commit from its binary form and checks that it makes sense in itself: it begins with the commit record, names
 * no path twice, and every chunk list makes up the content it is said to.
 */
export async function readCommit(
  source: AsyncIterable<Uint8Array>,
  options: ReadCommitOptions,
): Promise<Result<Commit, RecordError>> {
  const decoder = new RecordDecoder();
  const puts = new Map<SafePath, Entry>();
  const deletes = new Set<SafePath>();
  const manifests = new Map<Hash, Manifest>();
  let head: CommitRecord | undefined;
  let chunksLeft = commitChunksMax;

  const take = (record: Exclude<MetadataRecord, ManifestRecord>): string | undefined => {
    if (record.type === "commit") {
      if (head !== undefined) return "A commit has two heads";
      head = record;
      return undefined;
    }
    if (head === undefined) return "A commit begins with something else than its head";
    switch (record.type) {
      case "entry":
      case "deletion":
        if (puts.has(record.path) || deletes.has(record.path)) {
          return `A commit names ${JSON.stringify(record.path)} twice`;
        }
        // A deletion may name one: that is how what came in before is got rid of.
        if (record.type === "entry" && isReservedPath(record.path)) {
          return `A commit names ${JSON.stringify(record.path)}, which dfs keeps for itself`;
        }
        if (puts.size + deletes.size >= commitPathsMax) return `A commit names more than ${commitPathsMax} paths`;
        if (record.type === "entry") puts.set(record.path, record.entry);
        else deletes.add(record.path);
        return undefined;
      case "head":
        return "A commit holds a record that belongs to a snapshot";
      case "metadata":
        return "A commit holds metadata that belongs to an export";
    }
  };

  const takeManifest = async (record: ManifestRecord): Promise<string | undefined> => {
    if (head === undefined) return "A commit begins with something else than its head";
    const manifest = await readManifest(record, options.metadata, Math.min(fileChunksMax, chunksLeft));
    if (!manifest.ok) return manifest.error;
    chunksLeft -= manifest.value.length;
    manifests.set(record.content, manifest.value);
    return undefined;
  };

  for await (const piece of source) {
    const records = decoder.push(piece);
    if (!records.ok) return records;
    for (const record of records.value) {
      // Only chunk lists, which few files have, are waited for.
      const problem = record.type === "manifest" ? await takeManifest(record) : take(record);
      if (problem !== undefined) return err({ code: "malformed", message: problem });
    }
  }
  const end = decoder.end();
  if (!end.ok) return end;
  if (head === undefined) return err({ code: "malformed", message: "A commit has no head" });
  const { id, client, baseRevision } = head;
  return ok({ id, client, baseRevision, committedAtMs: options.committedAtMs, puts, deletes, manifests });
}

async function readManifest(
  record: ManifestRecord,
  metadata: MetadataStore,
  chunksMax: number,
): Promise<Result<Manifest, string>> {
  const against = await metadata.manifest(record.against) ?? Manifest.of([]);
  const manifest = decodeManifestDelta(record.delta, against, { chunksMax });
  if (!manifest.ok) return manifest;
  if (manifest.value.contentId() === record.content) return manifest;
  return err("A chunk list does not make up the content it is said to");
}
