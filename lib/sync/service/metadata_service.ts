import {
  type Clock,
  err,
  Failure,
  type Hash,
  ok,
  type Result,
  RwLock,
  type SafePath,
  startSha256,
} from "../../core/mod.ts";
import { encodeRecords, type MetadataRecord } from "../../metadata/binary/mod.ts";
import { type Entry, type FileMetadata, sameEntry, withTime } from "../../metadata/mod.ts";
import type {
  ExpectedVersion,
  ListQuery,
  MetadataPage,
  MetadataRepository,
  MetadataVersion,
  PathMetadata,
  StepReceipt,
  StepRefusal,
} from "../../metadata/repository/mod.ts";
import { chunkBytesMin } from "../chunker.ts";
import type { SyncService } from "./sync_service.ts";

/** What a {@linkcode MetadataService} works with. */
export interface MetadataServiceOptions {
  /** Where metadata is kept. */
  readonly repository: MetadataRepository;
  /** Commits changes of what is committed, and gives out the chunks that hashes are worked out from. */
  readonly service: SyncService;
  /** Tells when a change was made. */
  readonly clock: Clock;
}

/** How many bytes are hashed for one page of a list before it ends early. */
export const hashedBytesPerPage: number = 256 * 1024 * 1024;

/** The client that commits which are asked for through metadata are of. */
const committer = "metadata";

/** Why a change of metadata was not made: why its transaction was not, or the tree did not take it. */
export type MetadataRefusal = StepRefusal | { readonly reason: "not_empty"; readonly path: SafePath };

/**
 * Metadata of paths, for people and scripts: what is committed and what is announced, as one. Each answer tells the
 * SHA-256 of a file's content: that of a file of several chunks is worked out from them when it is first asked for, and
 * kept.
 *
 * A change of what is committed is a commit. That and the comparison before it are several steps, and working out hashes
 * takes a while; a lock makes each change one step for all who ask in this process, and compare-and-set in the stores
 * does for other processes.
 */
export class MetadataService {
  readonly #repository: MetadataRepository;
  readonly #service: SyncService;
  readonly #clock: Clock;
  readonly #lock = new RwLock();

  /** The repository and the service must stand on the same store: a commit of one shows in the other at once. */
  constructor({ repository, service, clock }: MetadataServiceOptions) {
    this.#repository = repository;
    this.#service = service;
    this.#clock = clock;
  }

  /** What is known of a path; `undefined` if it is unknown or deleted. */
  async get(space: string, path: SafePath): Promise<FileMetadata | undefined> {
    using _ = await this.#lock.read();
    const known = await this.#repository.get(space, path);
    return known && await this.#withHash(known);
  }

  /** A page of what is known, in the order of (folder, name). It ends early if many bytes had to be hashed for it. */
  async list(space: string, query: ListQuery): Promise<{ files: FileMetadata[]; next: SafePath | undefined }> {
    using _ = await this.#lock.read();
    const page: MetadataPage = await this.#repository.list(space, query);
    const files: FileMetadata[] = [];
    let hashed = 0;
    for (const known of page.entries) {
      if (hashed > hashedBytesPerPage) return { files, next: files.at(-1)!.path };
      if (lacksHash(known)) hashed += known.metadata.size;
      files.push(await this.#withHash(known));
    }
    return { files, next: page.next };
  }

  /** All versions of a path, newest first; none if there never was such a path. */
  async history(space: string, path: SafePath): Promise<MetadataVersion[]> {
    using _ = await this.#lock.read();
    const versions = await this.#repository.history(space, path);
    return await Promise.all(
      versions.map(async (version) => ({ ...version, metadata: await this.#withHash(version) })),
    );
  }

  /** Announces paths of which nothing is known, all or none; those of which the very same is known stay as they are. */
  async add(space: string, entries: readonly FileMetadata[]): Promise<Result<StepReceipt[], StepRefusal>> {
    using _ = await this.#lock.write();
    // A hash that is not known yet could make the same seem different.
    for (const known of await this.#repository.getMany(space, entries.map(({ path }) => path))) {
      if (known !== undefined) await this.#withHash(known);
    }
    const steps = entries.map((metadata) => ({ type: "add", metadata }) as const);
    return await this.#repository.transact(space, { steps, atMs: this.#clock.now() });
  }

  /**
   * Changes what is known of a path. Times and permissions of committed content are committed; other content is announced.
   *
   * @param expected What the caller takes the path to be.
   */
  async update(
    space: string,
    metadata: FileMetadata,
    expected?: ExpectedVersion,
  ): Promise<Result<FileMetadata, MetadataRefusal>> {
    using _ = await this.#lock.write();
    const { path } = metadata;
    const known = await this.#repository.get(space, path);
    if (known !== undefined && known.revision > 0) {
      const found = await this.#withHash(known);
      const refusal = refuseUnexpected(known, found, expected);
      if (refusal !== undefined) return err(refusal);
      const entry = await this.#committedEntry(space, known, { found, wanted: metadata });
      if (entry !== undefined) {
        const refused = await this.#commit(space, { type: "entry", path, entry, version: 0, revision: 0 });
        return refused === undefined ? ok(await this.#reread(space, path)) : err(refused);
      }
    }
    const steps = [{ type: "update", metadata, ...(expected === undefined ? {} : { expected }) } as const];
    const outcome = await this.#repository.transact(space, { steps, atMs: this.#clock.now() });
    return outcome.ok ? ok(outcome.value[0]!.known!.metadata) : outcome;
  }

  /** Deletes a path: takes back what was announced of it, or commits that it is gone; its history stays. */
  async delete(space: string, path: SafePath, expected?: ExpectedVersion): Promise<MetadataRefusal | undefined> {
    using _ = await this.#lock.write();
    const known = await this.#repository.get(space, path);
    if (known !== undefined && known.revision > 0) {
      const refusal = refuseUnexpected(known, known.metadata, expected);
      if (refusal !== undefined) return refusal;
      return await this.#commit(space, { type: "deletion", path, version: 0, revision: 0 });
    }
    const steps = [{ type: "delete", path, ...(expected === undefined ? {} : { expected }) } as const];
    const outcome = await this.#repository.transact(space, { steps, atMs: this.#clock.now() });
    return outcome.ok ? undefined : outcome.error;
  }

  /** The SHA-256 of a committed content: its name, what was kept, or worked out from its chunks and kept. */
  async contentHash(file: { readonly content: Hash; readonly size: number }): Promise<Hash> {
    const { content, size } = file;
    if (size <= chunkBytesMin) return content;
    const kept = await this.#repository.rememberedHash(content);
    if (kept !== undefined) return kept;
    if ((await this.#service.manifestOf(file)).length <= 1) return content;
    const hash = await this.#hashContent(file);
    await this.#repository.rememberHash(content, hash);
    return hash;
  }

  /** Keeps the SHA-256 of a content that somebody else worked out, if that is not its name anyway. */
  async keepHash(content: Hash, hash: Hash): Promise<void> {
    if (hash !== content) await this.#repository.rememberHash(content, hash);
  }

  /** What is known of a path that was just committed. */
  async #reread(space: string, path: SafePath): Promise<FileMetadata> {
    const known = await this.#repository.get(space, path);
    if (known !== undefined) return await this.#withHash(known);
    throw new Failure("conflict", `The path ${JSON.stringify(path)} was deleted meanwhile`);
  }

  /** The entry to commit for metadata that is wanted of committed content; `undefined` if it is other content. */
  async #committedEntry(
    space: string,
    { metadata: { path } }: PathMetadata,
    { found, wanted }: { readonly found: FileMetadata; readonly wanted: FileMetadata },
  ): Promise<Entry | undefined> {
    const { kind, size, hash, target } = wanted;
    if (kind !== found.kind || size !== found.size || hash !== found.hash || target !== found.target) return undefined;
    const entry = (await this.#service.get(space, path))?.entry;
    if (entry === undefined || entry.kind === "symlink") return entry;
    return entry.kind === "directory"
      ? { ...entry, mode: wanted.mode }
      : withTime({ ...entry, mode: wanted.mode }, wanted);
  }

  /** Commits one change of the tree, if it is one. */
  async #commit(
    space: string,
    record: MetadataRecord & { readonly path: SafePath },
  ): Promise<MetadataRefusal | undefined> {
    const { path } = record;
    const [head, stored] = await Promise.all([this.#service.head(space), this.#service.get(space, path)]);
    if (record.type === "entry" && sameEntry(stored?.entry, record.entry)) return undefined;
    const baseRevision = head?.revision ?? 0;
    const start = { type: "commit", id: crypto.randomUUID(), client: committer, baseRevision } as const;
    const outcome = await this.#service.commit(space, ReadableStream.from(encodeRecords([start, record])));
    if (outcome.ok) return undefined;
    const { reason } = outcome.error;
    if (reason === "not_a_tree") return { reason: "not_empty", path };
    if (reason === "changed_meanwhile") {
      return { reason: "version", step: 0, path, known: await this.#repository.get(space, path) };
    }
    throw new Failure("conflict", `The space ${JSON.stringify(space)} did not take the change of "${path}": ${reason}`);
  }

  /** Metadata with the SHA-256 of the content of a committed file. */
  async #withHash(known: PathMetadata): Promise<FileMetadata> {
    const { metadata, content } = known;
    if (!lacksHash(known) || content === undefined) return metadata;
    const hash = await this.#hashContent({ content, size: metadata.size });
    await this.#repository.rememberHash(content, hash);
    return { ...metadata, hash };
  }

  async #hashContent(file: { readonly content: Hash; readonly size: number }): Promise<Hash> {
    const hash = startSha256();
    for await (const piece of this.#service.content(file, 0, file.size)) hash.update(piece);
    return hash.digest();
  }
}

function lacksHash({ metadata, content }: PathMetadata): boolean {
  return content !== undefined && metadata.hash === undefined;
}

function refuseUnexpected(
  known: PathMetadata,
  { path, version, syncState }: FileMetadata,
  expected: ExpectedVersion | undefined,
): StepRefusal | undefined {
  if (expected === undefined) return undefined;
  const same = version === expected.version && (expected.status === undefined || expected.status === syncState.status);
  return same ? undefined : { reason: "version", step: 0, path, known };
}
