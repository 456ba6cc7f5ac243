import { assert, assertEquals } from "@std/assert";
import { baseName, type Hash, joinPath, parentPath, rootPath, type SafePath, sha256 } from "../../../lib/core/mod.ts";
import {
  type Commit,
  type CommitReceipt,
  type CommitRefusal,
  compareNames,
  type DirectoryBatch,
  type DirectoryEntry,
  directoryHash,
  type Entry,
  type FileEntry,
  type MetadataStore,
  type SymlinkEntry,
} from "../../../lib/metadata/mod.ts";

/** The space that the cases use. */
export const space = "default";

/** The name of some text as content. */
export function contentOf(text: string): Hash {
  return sha256(new TextEncoder().encode(text));
}

/** A file with some text in it. */
export function file(
  text: string,
  options: Partial<Pick<FileEntry, "mode" | "mtimeMs" | "mtimeRestNs">> = {},
): FileEntry {
  return {
    kind: "file",
    mode: 0o644,
    mtimeMs: 1_700_000_000_000,
    size: text.length,
    content: contentOf(text),
    ...options,
  };
}

/** A directory. */
export function directory(mode = 0o755): DirectoryEntry {
  return { kind: "directory", mode };
}

/** A symbolic link. */
export function symlink(target: string): SymlinkEntry {
  return { kind: "symlink", target };
}

/** A path that is known to be safe. */
export function at(path: string): SafePath {
  return path as SafePath;
}

/** What {@linkcode apply} commits; a commit with plain paths, most of it left out. */
export interface CommitDraft extends Partial<Pick<Commit, "id" | "client" | "committedAtMs" | "manifests">> {
  /** The head, unless told. */
  readonly base?: number;
  readonly puts?: Readonly<Record<string, Entry>>;
  readonly deletes?: readonly string[];
}

let ids = 0;

/** Commits. */
export async function apply(
  store: MetadataStore,
  { base, puts = {}, deletes = [], ...rest }: CommitDraft,
): Promise<CommitReceipt | CommitRefusal> {
  const outcome = await store.commit(space, {
    id: `commit-${++ids}`,
    client: "laptop",
    committedAtMs: 1_700_000_000_123,
    baseRevision: base ?? (await store.head(space))?.revision ?? 0,
    puts: new Map(Object.entries(puts).map(([path, entry]) => [at(path), entry])),
    deletes: new Set(deletes.map(at)),
    manifests: new Map(),
    ...rest,
  });
  return outcome.ok ? outcome.value : outcome.error;
}

/** Commits what must be accepted, one draft after another; returns the last receipt. */
export async function applyAll(store: MetadataStore, ...drafts: CommitDraft[]): Promise<CommitReceipt> {
  let last: CommitReceipt | undefined;
  for (const draft of drafts) {
    const outcome = await apply(store, draft);
    assert("revision" in outcome, `The commit was refused: ${JSON.stringify(outcome)}`);
    last = outcome;
  }
  assert(last);
  return last;
}

/** Commits what must be refused, and makes sure that nothing came of it. */
export async function refuse(store: MetadataStore, draft: CommitDraft): Promise<CommitRefusal> {
  const before = await stateOf(store);
  const outcome = await apply(store, draft);
  assert("reason" in outcome, "The commit was applied");
  assertEquals(await stateOf(store), before);
  return outcome;
}

/** Reads a tree into one list of batches. */
export async function read(batches: AsyncIterable<DirectoryBatch>): Promise<DirectoryBatch[]> {
  return await Array.fromAsync(batches);
}

/** Reads a tree into its entries by path, sorted. */
export async function readEntries(batches: AsyncIterable<DirectoryBatch>): Promise<Record<string, Entry>> {
  const children = (await read(batches)).flatMap(({ children }) => children);
  children.sort((a, b) => compareNames(a.path, b.path));
  return Object.fromEntries(children.map(({ path, entry }) => [path, entry]));
}

/** The Merkle hash of a tree, or of a directory in it, from scratch. */
export function hashOf(entries: ReadonlyMap<SafePath, Entry>, within: SafePath = rootPath): Hash {
  const children = [...entries].filter(([path]) => path !== rootPath && parentPath(path) === within)
    .map(([path, entry]) => ({
      name: baseName(path),
      entry,
      tree: entry.kind === "directory" ? hashOf(entries, joinPath(within, baseName(path))) : undefined,
    }));
  return directoryHash(children.sort((a, b) => compareNames(a.name, b.name)));
}

async function stateOf(store: MetadataStore): Promise<unknown> {
  return [await store.head(space), await read(store.entries(space)), await store.revisions(space)];
}
