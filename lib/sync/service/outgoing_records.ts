import type { Hash, SafePath } from "../../core/mod.ts";
import { emptyContent, type FileEntry, Manifest, type MetadataStore, type SpaceHead } from "../../metadata/mod.ts";
import { encodeManifestDelta, type ManifestRecord, type MetadataRecord } from "../../metadata/binary/mod.ts";
import { mayHaveList } from "./may_have_list.ts";

const noChunks = Manifest.of([]);

/**
 * Everything a space holds. Should a commit come in between, the entries are newer than the head says: the reader sees
 * it by the root hash and asks again.
 */
export async function* snapshotRecords(metadata: MetadataStore, head: SpaceHead): AsyncIterable<MetadataRecord[]> {
  yield [{ type: "head", revision: head.revision, root: head.root }];
  for await (const batch of metadata.entries(head.space)) {
    const records: MetadataRecord[] = [];
    for (const { path, entry, version, revision, tree } of batch.children) {
      // Most files are too short for a chunk list; waiting for none takes longer than all else that is done for them.
      const manifest = entry.kind === "file" && mayHaveList(entry)
        ? await manifestRecord(metadata, entry, undefined)
        : undefined;
      if (manifest !== undefined) records.push(manifest);
      records.push({ type: "entry", path, entry, version, revision, tree });
    }
    yield records;
  }
}

/** What lies in a directory, without chunk lists. */
export async function* listingRecords(
  metadata: MetadataStore,
  space: string,
  directory: SafePath,
): AsyncIterable<MetadataRecord[]> {
  yield (await metadata.list(space, directory)).map((child) => ({ type: "entry", ...child }));
}

/**
 * What lies in some directories, without chunk lists: one step of a descent that follows the hashes of directories down
 * to where trees differ. A reader sees by the head whether a commit came in between two steps.
 */
export async function* directoryRecords(
  metadata: MetadataStore,
  head: SpaceHead,
  directories: readonly SafePath[],
): AsyncIterable<MetadataRecord[]> {
  yield [{ type: "head", revision: head.revision, root: head.root }];
  for (const directory of directories) yield* listingRecords(metadata, head.space, directory);
}

/** The chunk lists of contents; nothing of those that have none. */
export async function* manifestRecords(
  metadata: MetadataStore,
  contents: readonly Hash[],
): AsyncIterable<MetadataRecord[]> {
  for (const content of contents) {
    const manifest = await metadata.manifest(content);
    if (manifest === undefined) continue;
    yield [{ type: "manifest", content, against: emptyContent, delta: encodeManifestDelta(manifest, noChunks) }];
  }
}

/** How many changes are gathered before they are handed on. */
const changesPerBatch = 256;

/** What became of a space since a revision; chunk lists are told by their difference to those of that time. */
export async function* changeRecords(
  metadata: MetadataStore,
  head: SpaceHead,
  since: number,
): AsyncIterable<MetadataRecord[]> {
  yield [{ type: "head", revision: head.revision, root: head.root }];
  let records: MetadataRecord[] = [];
  for (const { path, entry, version, revision, previousContent } of await metadata.changesSince(head.space, since)) {
    if (entry === undefined) records.push({ type: "deletion", path, version, revision });
    else {
      const manifest = entry.kind === "file" && mayHaveList(entry)
        ? await manifestRecord(metadata, entry, previousContent)
        : undefined;
      if (manifest !== undefined) records.push(manifest);
      records.push({ type: "entry", path, entry, version, revision });
    }
    if (records.length >= changesPerBatch) {
      yield records;
      records = [];
    }
  }
  yield records;
}

/** The chunk list of a file, if it has one; nothing if the reader knows it from before. */
async function manifestRecord(
  metadata: MetadataStore,
  entry: FileEntry,
  previous: Hash | undefined,
): Promise<ManifestRecord | undefined> {
  if (entry.content === previous) return undefined;
  const manifest = await metadata.manifest(entry.content);
  if (manifest === undefined) return undefined;
  const known = previous === undefined ? undefined : await metadata.manifest(previous);
  return {
    type: "manifest",
    content: entry.content,
    against: known === undefined ? emptyContent : previous!,
    delta: encodeManifestDelta(manifest, known ?? noChunks),
  };
}
