import type { Hash, Result, SafePath } from "../../core/mod.ts";
import type { FileMetadata, Replica, SyncStatus } from "../file_metadata.ts";

/**
 * What is known of the paths of every space: what was committed, and what was announced.
 *
 * A path that lives in the tree of a space is `synced` metadata without anybody having to say so. What somebody says of
 * a path whose content the server does not hold is an announcement: it stands beside the tree, never in it, and no
 * Merkle hash, revision or snapshot knows of it. It is shown in place of what is committed until the next commit changes
 * the path; from then on the tree speaks, and the announcement is history.
 *
 * All methods reject with a `Failure` if the medium fails, and with one of kind `not_found` if there is no such space.
 */
export interface MetadataRepository extends AsyncDisposable {
  /** What is known of a path now; `undefined` if it is unknown or deleted. */
  get(space: string, path: SafePath): Promise<PathMetadata | undefined>;

  /** What is known of some paths, in the order given, all of one state. */
  getMany(space: string, paths: readonly SafePath[]): Promise<(PathMetadata | undefined)[]>;

  /** What is known of paths in the order of (folder, name), a page of it. It takes time by its result. */
  list(space: string, query: ListQuery): Promise<MetadataPage>;

  /** All versions of a path, newest first: committed and announced ones, deletions too. */
  history(space: string, path: SafePath): Promise<MetadataVersion[]>;

  /** Who holds which version of a path, sorted by node; nobody of a path that is unknown or deleted. */
  replicas(space: string, path: SafePath): Promise<Replica[]>;

  /**
   * Does several steps at once or none of them, durably: they are on the medium when this resolves.
   *
   * @returns What is known of the path of each step afterwards, or why nothing was done.
   */
  transact(space: string, transaction: Transaction): Promise<Result<StepReceipt[], StepRefusal>>;

  /** Keeps the SHA-256 of a content that has another name, being made of several chunks. */
  rememberHash(content: Hash, hash: Hash): Promise<void>;

  /** The SHA-256 that was kept of a content; `undefined` if none was. */
  rememberedHash(content: Hash): Promise<Hash | undefined>;
}

/** What is known of a path. */
export interface PathMetadata {
  /**
   * The metadata. Of what is committed, the owner is who committed it, the replicas are the server, that client and who
   * else said so; directories and links have the time of their commit. A file's hash is missing where nobody asked for it
   * yet and it is not the name of the content.
   */
  readonly metadata: FileMetadata;
  /** The name of a committed file's content; announced ones have none. */
  readonly content?: Hash;
  /** The revision that made this version; 0 if it is announced. */
  readonly revision: number;
}

/** Which paths to list. All conditions must hold. */
export interface ListQuery {
  /** What the paths begin with, such as `docs/` or `docs/re`; everything unless given. */
  readonly prefix?: string;
  /** A pattern the whole path must match (`Glob`). */
  readonly glob?: string;
  /** Only paths that stand so; `deleted` lists those that are gone. */
  readonly state?: SyncStatus;
  /** Only paths after this one: the `next` of the page before. */
  readonly after?: SafePath;
  /** At most so many, at least 1. */
  readonly limit: number;
}

/** Some paths. */
export interface MetadataPage {
  /** What is known of each. A page may be short, even empty, where few of many paths match the pattern. */
  readonly entries: readonly PathMetadata[];
  /** Where the next page begins; `undefined` if this is the last. */
  readonly next?: SafePath;
}

/** One version of a path. */
export interface MetadataVersion extends PathMetadata {
  /** When it was committed or announced, in milliseconds since 1970. */
  readonly atMs: number;
}

/** What {@linkcode MetadataRepository.transact} does. */
export interface Transaction {
  /** What to do, in this order; a later step sees what an earlier one did. */
  readonly steps: readonly Step[];
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * One change of what is known of a path.
 *
 * - `add`: announces a path of which nothing is known. To add the very same again does nothing.
 * - `update`: announces a new version of a path that is known.
 * - `delete`: takes an announcement back; what is committed there shows again. Itself it is deleted by a commit only.
 * - `replica`: notes which version a node holds of a path that is known.
 */
export type Step =
  | { readonly type: "add"; readonly metadata: FileMetadata }
  | { readonly type: "update"; readonly metadata: FileMetadata; readonly expected?: ExpectedVersion }
  | { readonly type: "delete"; readonly path: SafePath; readonly expected?: ExpectedVersion }
  | { readonly type: "replica"; readonly path: SafePath; readonly replica: Replica };

/** The compare of compare-and-set: what the caller took a path to be. */
export interface ExpectedVersion {
  /** The version. */
  readonly version: number;
  /** The status, where the caller knows it: a version can be announced first and committed later. */
  readonly status?: SyncStatus;
}

/** What became of a step. */
export interface StepReceipt {
  /** What is known of the path now; `undefined` if nothing. */
  readonly known: PathMetadata | undefined;
  /** Whether the step changed anything. */
  readonly changed: boolean;
}

/**
 * Why nothing of a transaction was done.
 *
 * - `exists`: to add, but other things are known of the path.
 * - `missing`: to change, but nothing is known of the path.
 * - `version`: the path is not at the version expected.
 * - `committed`: to delete, but the path is committed.
 * - `out_of_range`: a version beyond 2^48, so that counting on could not go on.
 */
export interface StepRefusal {
  /** Which of the rules above the step broke. */
  readonly reason: "exists" | "missing" | "version" | "committed" | "out_of_range";
  /** The index of the step. */
  readonly step: number;
  /** Its path. */
  readonly path: SafePath;
  /** What is known of the path now, as the steps before left it. */
  readonly known: PathMetadata | undefined;
}
