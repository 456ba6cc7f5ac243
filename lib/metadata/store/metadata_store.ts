import type { Hash, Result, SafePath } from "../../core/mod.ts";
import type { ConflictRules } from "../conflict_rules.ts";
import type { Entry, FileEntry } from "../entry.ts";
import type { Manifest } from "../manifest.ts";
import type {
  ManifestPruneOptions,
  ManifestPruneReceipt,
  PruneReceipt,
  Retention,
  RetentionRule,
} from "./retention.ts";

/**
 * Holds what every space looks like now and looked like before: entries, chunk lists, revisions and versions.
 *
 * Reading methods see one consistent state each. All methods reject with a `Failure` if the medium fails, and those
 * that read a space (all but `head`) with one of kind `not_found` if there is no such space or it never had the revision
 * asked for: an unknown state must not pass for an empty one.
 */
export interface MetadataStore extends AsyncDisposable {
  /** All spaces, sorted by name. */
  spaces(): Promise<SpaceHead[]>;

  /** Creates a space, empty and at revision 0, unless it exists. */
  createSpace(name: string): Promise<SpaceHead>;

  /** Where a space stands, or `undefined` if there is none of that name. */
  head(space: string): Promise<SpaceHead | undefined>;

  /**
   * Sets what clients of a space do about conflicts, as far as they do not know better; rules that say nothing take it back.
   * Gives the head, which tells the rules. Rejects with a `Failure` of kind `usage` if they make no sense.
   */
  setConflictRules(space: string, rules: ConflictRules): Promise<SpaceHead>;

  /** What lives at a path now, or `undefined`. */
  get(space: string, path: SafePath): Promise<StoredEntry | undefined>;

  /** The children of a directory now, sorted by name (code units); empty if there is no such directory. */
  list(space: string, directory: SafePath): Promise<StoredEntry[]>;

  /**
   * Everything that lives now, directory by directory, each in one batch: first the root's children, then those of the
   * other directories in any order. A directory with nothing in it makes no batch. Consistent: a commit meanwhile does
   * not show.
   */
  entries(space: string): AsyncIterable<DirectoryBatch>;

  /**
   * The paths that have a newer version at the head than at `since`, sorted by (directory, name). One that came and went
   * since then is among them, as deleted.
   */
  changesSince(space: string, since: number): Promise<Change[]>;

  /**
   * Everything that lived at a past revision, in batches as {@linkcode entries} gives them. Rejects with a `Failure` of
   * kind `not_found` if some of it was removed by {@linkcode prune}.
   */
  entriesAt(space: string, revision: number): AsyncIterable<DirectoryBatch>;

  /** All versions of a path that are kept, newest first; a deletion is a version too. */
  history(space: string, path: SafePath): Promise<VersionRecord[]>;

  /** The revisions of a space, newest first. */
  revisions(space: string, options?: RevisionsOptions): Promise<RevisionRecord[]>;

  /** The chunk list of a content of more than one chunk, or `undefined` if the store holds none of that name. */
  manifest(content: Hash): Promise<Manifest | undefined>;

  /**
   * Every version of every file in every space, living and superseded, in batches and in no order. Consistent within each
   * space: a version is not missed because a commit supersedes it meanwhile.
   */
  files(options?: FilesOptions): AsyncIterable<readonly FileVersion[]>;

  /** The rule by which a space keeps superseded versions; every version, until a rule is set. */
  retention(space: string): Promise<Retention>;

  /** Sets the rule by which a space keeps superseded versions. Removes nothing yet. */
  setRetention(space: string, rule: RetentionRule): Promise<Retention>;

  /**
   * Removes the versions of a space that its rule does not keep. What lives now, the fact that a path was deleted, the
   * list of revisions and chunk lists stay, so changes since any revision are still told.
   */
  prune(space: string, options: PruneOptions): Promise<PruneReceipt>;

  /**
   * Removes chunk lists that no version of any file in any space names, and has named for some time. A commit that names
   * a content and brings its list along is safe from that, whenever it comes.
   */
  pruneManifests(options: ManifestPruneOptions): Promise<ManifestPruneReceipt>;

  /**
   * Applies a commit whole or not at all, and durably: it is on the medium when this resolves.
   *
   * A commit id that was applied before gives the revision and root of that time again and changes nothing. A put of what lives
   * there already, and a deletion of what does not, make no version; a commit of nothing else makes no revision, keeps
   * no trace, and gives the head as it is.
   *
   * @throws {TypeError} if a chunk list stands under a name that is not its own.
   */
  commit(space: string, commit: Commit): Promise<Result<CommitReceipt, CommitRefusal>>;
}

/** Where a space stands. */
export interface SpaceHead {
  /** The name of the space. */
  readonly space: string;
  /** Counts the commits; 0 before the first. */
  readonly revision: number;
  /** The Merkle hash of the whole tree (`directoryHash`). */
  readonly root: Hash;
  /** How many files live in it, without directories and links. */
  readonly files: number;
  /** How many entries of any kind live in it. */
  readonly entries: number;
  /** The sum of the sizes of its files, in bytes. */
  readonly bytes: number;
  /** When the head was committed, in milliseconds since 1970; 0 before the first commit. */
  readonly committedAtMs: number;
  /** What its clients do about conflicts, as far as they do not know better; absent where nothing is said. */
  readonly conflicts?: ConflictRules;
}

/** An entry with its place and its counters. */
export interface StoredEntry {
  /** Where it lives. */
  readonly path: SafePath;
  /** What lives there. */
  readonly entry: Entry;
  /** Counts the changes of this path, 1 at its first appearance; goes on counting over a deletion. */
  readonly version: number;
  /** The revision that made this version. */
  readonly revision: number;
  /** Of a directory: the Merkle hash of what lies in it. Absent in past states. */
  readonly tree?: Hash;
}

/** The children of one directory, sorted by name. */
export interface DirectoryBatch {
  /** The directory; the root is `""`. */
  readonly directory: SafePath;
  /** What lies directly in it, at least one entry. */
  readonly children: readonly StoredEntry[];
}

/** What became of a path since a revision. */
export interface Change {
  /** The path that changed. */
  readonly path: SafePath;
  /** What lives there now; `undefined` if it was deleted. */
  readonly entry: Entry | undefined;
  /** The version at the head. */
  readonly version: number;
  /** The revision that made that version. */
  readonly revision: number;
  /** The content that lived there at the earlier revision, if a file did: what a chunk list can be told against. */
  readonly previousContent: Hash | undefined;
}

/** One version of a path. */
export interface VersionRecord {
  /** Counts the changes of the path, from 1. */
  readonly version: number;
  /** The revision that made it. */
  readonly revision: number;
  /** `undefined` for a deletion. */
  readonly entry: Entry | undefined;
  /** The client that committed it. */
  readonly client: string;
  /** When, by the commit, in milliseconds since 1970. */
  readonly committedAtMs: number;
}

/** One revision of a space. */
export interface RevisionRecord {
  /** Counts the commits, from 1. */
  readonly revision: number;
  /** The Merkle hash of the whole tree after it. */
  readonly root: Hash;
  /** The client that committed it. */
  readonly client: string;
  /** When, by the commit, in milliseconds since 1970. */
  readonly committedAtMs: number;
  /** How many entries it put, not counting those that were there already. */
  readonly puts: number;
  /** How many entries it deleted, not counting those that were not there. */
  readonly deletes: number;
}

/** Which revisions {@linkcode MetadataStore.revisions} gives; all of them unless told. */
export interface RevisionsOptions {
  /** Only those before this one. */
  readonly before?: number;
  /** At most so many. */
  readonly limit?: number;
}

/** One version of a file. */
export interface FileVersion {
  /** Name of the space. */
  readonly space: string;
  /** Where it lies, or lay. */
  readonly path: SafePath;
  /** Counts the changes of the path, from 1. */
  readonly version: number;
  /** Whether it lives now. */
  readonly live: boolean;
  /** The file. */
  readonly file: FileEntry;
}

/** Options of {@linkcode MetadataStore.files}. */
export interface FilesOptions {
  /** Leaves out what {@linkcode MetadataStore.prune} would remove at this time, in milliseconds since 1970. */
  readonly keptAtMs?: number | undefined;
}

/** Options of {@linkcode MetadataStore.prune}. */
export interface PruneOptions {
  /** The present, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Whether to count only, and remove nothing. */
  readonly dryRun?: boolean;
}

/** What a client wants changed, all at once. */
export interface Commit {
  /** Chosen by the client, unique; makes a repeated commit harmless. */
  readonly id: string;
  /** Who commits. */
  readonly client: string;
  /** When, in milliseconds since 1970. */
  readonly committedAtMs: number;
  /**
   * The revision the client's decision rests on. Compare-and-set: if any path of the commit, or any child of a directory
   * that it deletes or replaces, changed after it, or a directory that it puts something into went, nothing is applied.
   * If it is beyond the head (the store was restored from a backup), every path counts as changed.
   */
  readonly baseRevision: number;
  /** New entries by path, in any order. A path that is deleted too is put. */
  readonly puts: ReadonlyMap<SafePath, Entry>;
  /** Paths to delete, in any order; a directory only together with everything in it. */
  readonly deletes: ReadonlySet<SafePath>;
  /** The chunk lists of those contents among `puts` that have more than one chunk and are new to the store. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
}

/** What an applied commit made. */
export interface CommitReceipt extends ChangedPaths {
  /** The revision that the commit made; the head as it was if nothing changed. */
  readonly revision: number;
  /** The Merkle hash of the whole tree at that revision. */
  readonly root: Hash;
  /** Whether this very commit was applied by an earlier call. */
  readonly repeated: boolean;
}

/** The paths that have a new version by a commit; all empty in the receipt of a repeated commit. */
export interface ChangedPaths {
  /** Something lives there now, and nothing did before. */
  readonly added: ReadonlySet<SafePath>;
  /** Something lives there that differs from what did before. */
  readonly modified: ReadonlySet<SafePath>;
  /** Nothing lives there any more. */
  readonly deleted: ReadonlySet<SafePath>;
  /** Those of `added` and `modified` that are files with content that was not there before. */
  readonly contents: ReadonlySet<SafePath>;
}

/**
 * Why a commit was not applied.
 *
 * - `no_space`: the space does not exist.
 * - `changed_meanwhile`: these paths changed after the commit's base, sorted.
 * - `not_a_tree`: these paths would lie in something that is no directory, or are directories that would go with children
 *   left, sorted.
 *
 * A put file whose content has no chunk list, neither in the commit nor in the store, is a single chunk or empty; that
 * its chunks are stored is the caller's to check.
 */
export type CommitRefusal =
  | { readonly reason: "no_space" }
  | { readonly reason: "changed_meanwhile"; readonly head: number; readonly paths: readonly SafePath[] }
  | { readonly reason: "not_a_tree"; readonly paths: readonly SafePath[] };
