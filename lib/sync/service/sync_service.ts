import { type Clock, err, Failure, type Hash, ok, type Result, type SafePath } from "../../core/mod.ts";
import type { Correlation, EventBus } from "../../events/mod.ts";
import {
  type Commit,
  type CommitReceipt,
  type CommitRefusal,
  Manifest,
  type MetadataStore,
  type RevisionRecord,
  type RevisionsOptions,
  type SpaceHead,
  type StoredEntry,
  type VersionRecord,
} from "../../metadata/mod.ts";
import type { ReplicaStore } from "../../metadata/replicas/mod.ts";
import type { MetadataRecord, RecordError } from "../../metadata/binary/mod.ts";
import { type ChunkStore, type FrameError, FrameMemory, type KeptFrame, type PutReceipt } from "../../storage/mod.ts";
import type { DeltaOrder, PieceOrder } from "../delta/mod.ts";
import { announceChunks } from "./announce_chunks.ts";
import { announceCommit } from "./announce_commit.ts";
import { contentProblem } from "./content_problem.ts";
import { makeDelta } from "./make_delta.ts";
import { chunkListOf } from "./named_chunks.ts";
import {
  changeRecords,
  directoryRecords,
  listingRecords,
  manifestRecords,
  snapshotRecords,
} from "./outgoing_records.ts";
import { readCommit } from "./read_commit.ts";
import { rebuildChunks } from "./rebuild_chunks.ts";
import { failureText } from "./failure_text.ts";
import { hadRoot, type ReplicaFailure, type ReplicaReport, type ReplicaRun } from "./replica_report.ts";
import { restore, type RestoreProblem, type RestoreReply, type RestoreRequest } from "./restore.ts";
import { type Moment, type MomentProblem, revisionAt } from "./revision_at.ts";
import { recordRun, type RunReport, type ToldRun } from "./run_report.ts";
import { signChunks, signPieces } from "./sign_chunks.ts";
import { unreadableChunks } from "./unreadable_chunks.ts";

/** What a {@linkcode SyncService} works with. */
export interface SyncServiceOptions {
  /** Keeps the trees of all spaces and their history. */
  readonly metadata: MetadataStore;
  /** Keeps the bytes of all files, each chunk once whatever spaces it is in. */
  readonly chunks: ChunkStore;
  /** Tells when a commit was applied. */
  readonly clock: Clock;
  /** Where commits and stored chunks are announced. */
  readonly events: EventBus;
  /** Remembers what clients tell of their copies; nobody unless given. */
  readonly replicas?: ReplicaStore;
}

/** Why a commit was not applied. */
export type CommitError =
  | { readonly reason: "bad_stream"; readonly error: RecordError }
  | { readonly reason: "missing_chunks"; readonly hashes: readonly Hash[] }
  | CommitRefusal;

/** What an applied commit made, as the client is told. */
export type CommitReply = Pick<CommitReceipt, "revision" | "root" | "repeated">;

/** A file that a client asked for. */
export interface WantedFile {
  /** Name of the space that it was asked for in. */
  readonly space: string;
  /** Where it lies in the space. */
  readonly path: SafePath;
  /** What lives, or lived, there. */
  readonly file: { readonly content: Hash; readonly size: number };
}

/**
 * What a server does for its clients, without a word of how they are connected: tells what a space holds, takes in
 * chunks, applies commits, gives chunks out. All that decides anything on the server is decided here.
 */
export class SyncService {
  readonly #metadata: MetadataStore;
  readonly #chunks: ChunkStore;
  readonly #clock: Clock;
  readonly #events: EventBus;
  readonly #replicas: ReplicaStore | undefined;
  /** Memory for frames on their way out. */
  readonly #outgoing = new FrameMemory();

  /** Takes the stores as they are; opening and closing them stays with the caller. */
  constructor(options: SyncServiceOptions) {
    this.#metadata = options.metadata;
    this.#chunks = options.chunks;
    this.#clock = options.clock;
    this.#events = options.events;
    this.#replicas = options.replicas;
  }

  /** All spaces, sorted by name. */
  spaces(): Promise<SpaceHead[]> {
    return this.#metadata.spaces();
  }

  /** Makes sure that a space exists. */
  createSpace(space: string): Promise<SpaceHead> {
    return this.#metadata.createSpace(space);
  }

  /** Where a space stands, or `undefined` if there is none of that name. */
  head(space: string): Promise<SpaceHead | undefined> {
    return this.#metadata.head(space);
  }

  /** What lives at a path. */
  get(space: string, path: SafePath): Promise<StoredEntry | undefined> {
    return this.#metadata.get(space, path);
  }

  /** What lies in a directory, sorted by name. */
  list(space: string, directory: SafePath): Promise<StoredEntry[]> {
    return this.#metadata.list(space, directory);
  }

  /** What lies in a directory, as records. */
  listing(space: string, directory: SafePath): AsyncIterable<MetadataRecord[]> {
    return listingRecords(this.#metadata, space, directory);
  }

  /** What lies in some directories, as records: the head first. */
  directories(head: SpaceHead, directories: readonly SafePath[]): AsyncIterable<MetadataRecord[]> {
    return directoryRecords(this.#metadata, head, directories);
  }

  /** The chunk lists of contents, as records. */
  manifests(contents: readonly Hash[]): AsyncIterable<MetadataRecord[]> {
    return manifestRecords(this.#metadata, contents);
  }

  /** All versions of a path, newest first. */
  history(space: string, path: SafePath): Promise<VersionRecord[]> {
    return this.#metadata.history(space, path);
  }

  /** The revisions of a space, newest first. */
  revisions(space: string, options: RevisionsOptions): Promise<RevisionRecord[]> {
    return this.#metadata.revisions(space, options);
  }

  /** The revision that was the head at a moment. */
  revisionAt(head: SpaceHead, moment: Moment): Promise<Result<number, MomentProblem>> {
    return revisionAt(this.#metadata, head, moment);
  }

  /** Everything a space holds, as records: its head, then each entry, a file's chunk list before the file. */
  snapshot(head: SpaceHead): AsyncIterable<MetadataRecord[]> {
    return snapshotRecords(this.#metadata, head);
  }

  /** What became of a space since a revision, as records: its head, then each path that differs. */
  changes(head: SpaceHead, since: number): AsyncIterable<MetadataRecord[]> {
    return changeRecords(this.#metadata, head, since);
  }

  /** Which of these chunks are not stored, each once. */
  lacking(hashes: Iterable<Hash>): Promise<Hash[]> {
    return this.#chunks.lacking(hashes);
  }

  /**
   * Takes in frames of chunks. What came before a broken frame is kept.
   *
   * @param source The frames, one behind the other, in pieces of any size.
   * @param from Whose they are, for those who listen.
   */
  putFrames(source: AsyncIterable<Uint8Array>, from: Correlation = {}): Promise<Result<PutReceipt, FrameError>> {
    const onFrame = (frame: KeptFrame): void => announceChunks(this.#events, { ...frame, from });
    return this.#chunks.putFrames(source, { onFrame });
  }

  /** The chunks asked for, as frames; each is valid until the next is asked for. */
  frames(hashes: readonly Hash[]): AsyncIterable<Uint8Array<ArrayBuffer>> {
    return this.#chunks.frames(hashes, this.#outgoing);
  }

  /** Which of these chunks cannot be given out, for they are damaged or not stored. */
  unreadable(hashes: readonly Hash[]): Promise<Hash[]> {
    return unreadableChunks(this.#chunks, hashes);
  }

  /** The names of the pieces of some chunks, for a client that has new ones much like them; see {@linkcode signChunks}. */
  signatures(hashes: readonly Hash[]): Promise<Uint8Array<ArrayBuffer>> {
    return signChunks(this.#chunks, hashes);
  }

  /** The names of the fine pieces of some of those; see {@linkcode signPieces}. */
  pieceSignatures(order: PieceOrder): Promise<Uint8Array<ArrayBuffer>> {
    return signPieces(this.#chunks, order);
  }

  /** How to make new chunks of old ones that the client has; see {@linkcode makeDelta}. */
  delta(order: DeltaOrder): Promise<Uint8Array<ArrayBuffer>> {
    return makeDelta(this.#chunks, order);
  }

  /**
   * Takes in chunks that a client tells by their difference to stored ones. They are stored like the others.
   *
   * @param delta By {@linkcode rebuildChunks}.
   * @param from Whose they are, for those who listen.
   * @returns For each chunk whether it came out right and is stored; or what is wrong with the delta.
   */
  async putDelta(
    order: DeltaOrder,
    delta: Uint8Array,
    from: Correlation = {},
  ): Promise<Result<readonly boolean[], string>> {
    const made = await rebuildChunks(this.#chunks, order, delta);
    if (!made.ok) return made;
    const put = await this.putFrames(ReadableStream.from(made.value.frames), from);
    return put.ok ? ok(made.value.right) : err(put.error.message);
  }

  /**
   * Applies a commit that arrives as a stream of records. Every chunk it names is on the medium before the commit is,
   * and the commit is on the medium when this resolves.
   */
  async commit(space: string, source: AsyncIterable<Uint8Array>): Promise<Result<CommitReply, CommitError>> {
    const startedMs = this.#clock.monotonic();
    const commit = await readCommit(source, { metadata: this.#metadata, committedAtMs: this.#clock.now() });
    if (!commit.ok) return err({ reason: "bad_stream", error: commit.error });
    return await this.#apply(space, commit.value, startedMs);
  }

  /** Brings back what lived at a path, by a commit of its own; see {@linkcode restore}. */
  restore(space: string, request: RestoreRequest): Promise<Result<RestoreReply, RestoreProblem>> {
    const startedMs = this.#clock.monotonic();
    const commit = (commit: Commit): Promise<Result<CommitReply, CommitError>> => this.#apply(space, commit, startedMs);
    return restore(space, request, { metadata: this.#metadata, clock: this.#clock, commit });
  }

  async #apply(space: string, commit: Commit, startedMs: number): Promise<Result<CommitReply, CommitError>> {
    const named = await this.#namedChunks(commit);
    if (!named.ok) return err({ reason: "bad_stream", error: { code: "malformed", message: named.error } });
    // What is not lacking now is not removed before the commit names it for all to see.
    using _held = await this.#chunks.hold();
    const { hashes, manifests } = named.value;
    const missing = await this.#chunks.lacking(hashes);
    if (missing.length > 0) return err({ reason: "missing_chunks", hashes: missing });
    await this.#chunks.sync();
    // With all its lists: one that the store has may be removed before the commit names it for all to see.
    const receipt = await this.#metadata.commit(space, { ...commit, manifests });
    if (!receipt.ok) return receipt;
    const durationMs = this.#clock.monotonic() - startedMs;
    announceCommit(this.#events, { space, commit, receipt: receipt.value, durationMs });
    const { revision, root, repeated } = receipt.value;
    return ok({ revision, root, repeated });
  }

  /**
   * Takes in what a client says of its copy of a space, remembers it, and tells those who listen.
   *
   * @returns Whether it can be so: the space had that root at that revision. If not, nobody is told.
   */
  async recordReplica(space: string, report: ReplicaReport): Promise<boolean> {
    const { client, revision, figures, run } = report;
    if (!await hadRoot(this.#metadata, space, report)) return false;
    await this.#replicas?.reached({ space, client, revision, atMs: this.#clock.now() });
    if (run !== undefined) await this.#recordRun(run, { space, client });
    this.#events.emit("sync.completed", { ...figures, space, client, revision });
    return true;
  }

  /** Takes in what a client says went wrong with its copy of a space, remembers it, and tells those who listen. */
  async recordFailure(space: string, { client, kind, message, run }: ReplicaFailure): Promise<void> {
    const error = failureText(message);
    await this.#replicas?.failed({ space, client, error, atMs: this.#clock.now() });
    if (run !== undefined) await this.#recordRun(run, { space, client, error });
    this.#events.emit("sync.failed", { space, client, kind, error });
  }

  /**
   * Takes in where a run of a client stands, and remembers it.
   *
   * @returns Whether it is this client's: an id that another one uses is not.
   */
  async recordRun(space: string, { client, run }: ReplicaRun): Promise<boolean> {
    return await this.#recordRun(run, { space, client });
  }

  async #recordRun(run: RunReport, told: Omit<ToldRun, "atMs">): Promise<boolean> {
    if (this.#replicas === undefined) return true;
    return await recordRun(this.#replicas, run, { ...told, atMs: this.#clock.now() });
  }

  /** The chunk list of a file's content: one chunk, or the list that is stored. */
  async manifestOf(file: { readonly content: Hash; readonly size: number }): Promise<Manifest> {
    if (file.size === 0) return Manifest.of([]);
    return await chunkListOf(this.#metadata, file) ?? Manifest.of([{ hash: file.content, length: file.size }]);
  }

  /** The bytes of a file from `start` up to but without `end`, chunk by chunk. */
  async *content(
    file: { readonly content: Hash; readonly size: number },
    start: number,
    end: number,
  ): AsyncIterable<Uint8Array> {
    const manifest = await this.manifestOf(file);
    let offset = 0;
    for (let index = 0; index < manifest.length && offset < end; index++) {
      const length = manifest.chunkLength(index);
      if (offset + length > start) {
        const chunk = await this.#chunk(manifest.hash(index));
        yield chunk.subarray(Math.max(0, start - offset), Math.min(length, end - offset));
      }
      offset += length;
    }
  }

  /** As {@linkcode content}, for a client that asked for a file by its path; tells those who listen. */
  async *download(wanted: WantedFile, start: number, end: number): AsyncIterable<Uint8Array> {
    const { space, path, file } = wanted;
    this.#events.emit("download.started", { space, path, size: file.size });
    yield* this.content(file, start, end);
    if (end === file.size) this.#events.emit("download.completed", { space, path, size: file.size });
  }

  async #chunk(hash: Hash): Promise<Uint8Array> {
    const bytes = await this.#chunks.get(hash);
    if (bytes !== undefined) return bytes;
    this.#events.emit("storage.corruption_found", {
      object: hash,
      error: "The chunk is not stored though a file names it",
    });
    throw new Failure("corrupt", `The chunk ${hash} is not stored though a file names it`, {
      hint: "Run dfs verify --server to see what else is damaged or missing",
    });
  }

  /** Every chunk that a commit's files are made of, with their lists, or a sentence on a file that cannot be made of its chunks. */
  async #namedChunks(commit: Commit): Promise<Result<NamedChunks, string>> {
    const hashes: Hash[] = [];
    const manifests = new Map(commit.manifests);
    for (const [path, entry] of commit.puts) {
      if (entry.kind !== "file") continue;
      const manifest = commit.manifests.get(entry.content) ?? await chunkListOf(this.#metadata, entry);
      const problem = contentProblem(entry, manifest);
      if (problem !== undefined) return err(`The file ${JSON.stringify(path)} ${problem}`);
      if (manifest === undefined) {
        if (entry.size > 0) hashes.push(entry.content);
        continue;
      }
      manifests.set(entry.content, manifest);
      for (let index = 0; index < manifest.length; index++) hashes.push(manifest.hash(index));
    }
    return ok({ hashes, manifests });
  }
}

/** What the files of a commit are made of. */
interface NamedChunks {
  readonly hashes: readonly Hash[];
  /** The chunk lists of those that have one. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
}
