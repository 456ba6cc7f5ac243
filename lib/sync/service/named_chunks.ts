import type { Hash } from "../../core/mod.ts";
import { type Manifest, type MetadataStore } from "../../metadata/mod.ts";
import type { LiveChunks } from "../../storage/mod.ts";
import { chunkBytesMin } from "../chunker.ts";

/** What names chunks: the content of a file. */
export interface NamedContent {
  readonly content: Hash;
  readonly size: number;
}

/** How many names are handed on at a time. */
const namesPerBatch = 4096;

/** The chunk list of a content; `undefined` if it is one chunk, or empty. Short files have none, and cost no look. */
export async function chunkListOf(metadata: MetadataStore, file: NamedContent): Promise<Manifest | undefined> {
  return file.size > chunkBytesMin ? await metadata.manifest(file.content) : undefined;
}

/** The names of the chunks that a content is made of, in order; not all at once, since there may be millions. */
export async function chunksOf(metadata: MetadataStore, file: NamedContent): Promise<Iterable<Hash>> {
  const list = await chunkListOf(metadata, file);
  if (list !== undefined) return hashesIn(list);
  return file.size === 0 ? [] : [file.content];
}

function* hashesIn(list: Manifest): Generator<Hash, void> {
  for (let index = 0; index < list.length; index++) yield list.hash(index);
}

/**
 * The names of the chunks that any version of any file of any space names, for a collection of garbage.
 *
 * @param keptAtMs The time at which the rules of retention are applied; without it, all versions that are there count.
 */
export function liveChunks(metadata: MetadataStore, keptAtMs?: number): LiveChunks {
  let revisions = new Map<string, number>();
  return async function* ({ sinceLast }) {
    const spaces = await metadata.spaces();
    const before = revisions;
    revisions = new Map(spaces.map(({ space, revision }) => [space, revision]));
    yield* namesOf(metadata, sinceLast ? committedSince(metadata, before) : allFiles(metadata, keptAtMs));
  };
}

async function* allFiles(metadata: MetadataStore, keptAtMs: number | undefined): AsyncGenerator<NamedContent, void> {
  for await (const versions of metadata.files({ keptAtMs })) for (const { file } of versions) yield file;
}

async function* committedSince(
  metadata: MetadataStore,
  revisions: ReadonlyMap<string, number>,
): AsyncGenerator<NamedContent, void> {
  for (const { space } of await metadata.spaces()) {
    for (const { entry } of await metadata.changesSince(space, revisions.get(space) ?? 0)) {
      if (entry?.kind === "file") yield entry;
    }
  }
}

async function* namesOf(
  metadata: MetadataStore,
  files: AsyncIterable<NamedContent>,
): AsyncGenerator<readonly Hash[], void> {
  let batch: Hash[] = [];
  for await (const file of files) {
    for (const hash of await chunksOf(metadata, file)) {
      batch.push(hash);
      if (batch.length < namesPerBatch) continue;
      yield batch;
      batch = [];
      // Reading a store may give no other request a turn, and there may be millions of files.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  yield batch;
}
