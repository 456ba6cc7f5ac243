import { type Hash, joinPath, parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import type { MetadataRecord } from "../../metadata/binary/mod.ts";
import { emptyTree, sameEntry } from "../../metadata/mod.ts";
import { chunkBytesMin, getNode, type HashedTree } from "../../sync/mod.ts";
import type { Remote } from "./remote.ts";

/** How many directories one request names at most. */
const directoriesPerRequest = 1000;
/** How many chunk lists one request asks for at most. */
const manifestsPerRequest = 4096;

/**
 * Tells what turns a tree into the server's, as records, by following the Merkle hashes of directories down to where they
 * differ: equal trees cost nothing, and a change costs the directories above it.
 *
 * A commit that comes in between shows in the heads; the last one told need not fit what came before, and then the root
 * hash does not either.
 */
export async function* descend(remote: Remote, hint: HashedTree): AsyncIterable<MetadataRecord[]> {
  const contents = new Set<Hash>();
  const first = await remote.head();
  if (first === undefined) return;
  yield [{ type: "head", revision: first.revision, root: first.root }];
  let level: SafePath[] = hint.hashes.get(rootPath) === first.root ? [] : [rootPath];
  while (level.length > 0) {
    const below: SafePath[] = [];
    for (let from = 0; from < level.length; from += directoriesPerRequest) {
      const asked = level.slice(from, from + directoriesPerRequest);
      const told = await readListings(remote, asked);
      for (const directory of asked) {
        yield* compare(directory, told.get(directory) ?? new Map(), { hint, below, contents });
      }
    }
    level = below;
  }
  yield* manifestsOf(remote, [...contents]);
}

type EntryRecord = Extract<MetadataRecord, { type: "entry" }>;

/** What lies in some directories, by name. */
async function readListings(
  remote: Remote,
  directories: readonly SafePath[],
): Promise<Map<SafePath, Map<string, EntryRecord>>> {
  const listings = new Map(directories.map((directory) => [directory, new Map<string, EntryRecord>()]));
  for await (const records of remote.directories(directories)) {
    for (const record of records) {
      if (record.type !== "entry") continue;
      const directory = parentPath(record.path);
      listings.get(directory)?.set(record.path, record);
    }
  }
  return listings;
}

/** Tells how one directory differs, and which of those in it are to be looked into. */
function* compare(
  directory: SafePath,
  listing: ReadonlyMap<string, EntryRecord>,
  { hint, below, contents }: {
    readonly hint: HashedTree;
    readonly below: SafePath[];
    readonly contents: Set<Hash>;
  },
): Generator<MetadataRecord[]> {
  const records: MetadataRecord[] = [];
  for (const name of hint.tree.get(directory)?.keys() ?? []) {
    const path = joinPath(directory, name);
    if (!listing.has(path)) records.push({ type: "deletion", path, version: 0, revision: 0 });
  }
  for (const record of listing.values()) {
    const { path, entry, tree } = record;
    if (!sameEntry(getNode(hint.tree, path)?.entry, entry)) {
      records.push(record);
      if (entry.kind === "file" && entry.size > chunkBytesMin) contents.add(entry.content);
    }
    if (entry.kind === "directory" && (tree ?? emptyTree) !== (hint.hashes.get(path) ?? emptyTree)) below.push(path);
  }
  yield records;
}

async function* manifestsOf(remote: Remote, contents: readonly Hash[]): AsyncIterable<MetadataRecord[]> {
  for (let from = 0; from < contents.length; from += manifestsPerRequest) {
    yield* remote.manifests(contents.slice(from, from + manifestsPerRequest));
  }
}
