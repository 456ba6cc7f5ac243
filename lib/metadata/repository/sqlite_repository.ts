import { baseName, type Hash, hashToBytes, parentPath, type Result, type SafePath } from "../../core/mod.ts";
import type { Replica } from "../file_metadata.ts";
import { openSqliteDatabase } from "../store/open_sqlite_database.ts";
import type { SqliteDatabase } from "../store/sqlite_database.ts";
import { sqliteFailure } from "../store/sqlite_failure.ts";
import { rowColumns } from "../store/sqlite_row.ts";
import { knownSpace } from "../store/sqlite_space.ts";
import type { SqliteStoreOptions } from "../store/sqlite_store.ts";
import { asHash, asInteger, asText } from "../store/sqlite_value.ts";
import { decodeRow } from "../store/sqlite_row.ts";
import type {
  ListQuery,
  MetadataPage,
  MetadataRepository,
  MetadataVersion,
  PathMetadata,
  StepReceipt,
  StepRefusal,
  Transaction,
} from "./metadata_repository.ts";
import { announcedVersion, committedVersion, compareVersions, known, untold } from "./path_state.ts";
import { readPage } from "./sqlite_list.ts";
import { announcedColumns, decodeAnnouncement, readState, readStates } from "./sqlite_path_state.ts";
import { sqliteTransact } from "./sqlite_transact.ts";

const defaultBusyTimeoutMs = 10_000;

/**
 * Opens the repository that lies in the same SQLite file as a `SqliteMetadataStore`; any number of processes and workers
 * may.
 *
 * @param path Where the database lies; it is created if there is none.
 * @throws {Failure} as `openSqliteStore` does.
 */
export function openSqliteRepository(path: string, options: SqliteStoreOptions = {}): SqliteMetadataRepository {
  return new SqliteMetadataRepository(path, options);
}

/** A {@linkcode MetadataRepository} in SQLite. Made by {@linkcode openSqliteRepository}. */
export class SqliteMetadataRepository implements MetadataRepository {
  readonly #path: string;
  readonly #database: SqliteDatabase;
  /** The numbers of spaces; a number is never given to another space. */
  readonly #spaceIds = new Map<string, number>();

  /** Opens the database; see {@linkcode openSqliteRepository}. */
  constructor(path: string, { busyTimeoutMs = defaultBusyTimeoutMs, bytesMax }: SqliteStoreOptions = {}) {
    this.#path = path;
    this.#database = openSqliteDatabase(path, bytesMax === undefined ? { busyTimeoutMs } : { busyTimeoutMs, bytesMax });
  }

  /** What is known of a path now. */
  get(space: string, path: SafePath): Promise<PathMetadata | undefined> {
    return this.#attempt("read", (database) => known(path, readState(database, this.#spaceId(space), path)));
  }

  /** What is known of some paths. */
  getMany(space: string, paths: readonly SafePath[]): Promise<(PathMetadata | undefined)[]> {
    return this.#attempt("read", (database) => {
      using _ = database.snapshot();
      const states = readStates(database, this.#spaceId(space), paths);
      return paths.map((path) => known(path, states.get(path) ?? untold));
    });
  }

  /** A page of what is known. */
  list(space: string, query: ListQuery): Promise<MetadataPage> {
    return this.#attempt("read", (database) => {
      using _ = database.snapshot();
      return readPage(database, this.#spaceId(space), query);
    });
  }

  /** All versions of a path. */
  history(space: string, path: SafePath): Promise<MetadataVersion[]> {
    return this.#attempt("read", (database) => {
      using _ = database.snapshot();
      const id = this.#spaceId(space);
      return [...committedVersions(database, id, path), ...announcedVersions(database, id, path)].sort(compareVersions);
    });
  }

  /** Who holds which version of a path. */
  async replicas(space: string, path: SafePath): Promise<Replica[]> {
    const found = await this.get(space, path);
    return [...found?.metadata.syncState.replicas ?? []];
  }

  /** Does several steps at once or none of them. */
  transact(space: string, transaction: Transaction): Promise<Result<StepReceipt[], StepRefusal>> {
    return this.#attempt("write to", (database) => {
      const id = this.#spaceId(space);
      return database.writing(() => sqliteTransact(database, id, transaction));
    });
  }

  /** Keeps the SHA-256 of a content that has another name. */
  rememberHash(content: Hash, hash: Hash): Promise<void> {
    return this.#attempt("write to", (database) => {
      const sql = "INSERT INTO content_hash (content, hash) VALUES (?, ?) ON CONFLICT (content) DO NOTHING";
      database.run(sql, hashToBytes(content), hashToBytes(hash));
    });
  }

  /** The SHA-256 that was kept of a content. */
  rememberedHash(content: Hash): Promise<Hash | undefined> {
    return this.#attempt("read", (database) => {
      const row = database.row("SELECT hash FROM content_hash WHERE content = ?", hashToBytes(content));
      return row && asHash(row[0]);
    });
  }

  /** Closes the database. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#attempt("close", (database) => database[Symbol.dispose]());
  }

  #spaceId(name: string): number {
    const known = this.#spaceIds.get(name);
    if (known !== undefined) return known;
    const { id } = knownSpace(this.#database, name);
    this.#spaceIds.set(name, id);
    return id;
  }

  #attempt<T>(verb: string, work: (database: SqliteDatabase) => T): Promise<T> {
    try {
      return Promise.resolve(work(this.#database));
    } catch (cause) {
      return Promise.reject(sqliteFailure(`${verb} ${JSON.stringify(this.#path)}`, cause));
    }
  }
}

function committedVersions(database: SqliteDatabase, space: number, path: SafePath): MetadataVersion[] {
  const hash = `CASE WHEN kind <> 1 THEN NULL
    WHEN EXISTS (SELECT 1 FROM manifest AS m WHERE m.content = version.content)
      THEN (SELECT hash FROM content_hash AS h WHERE h.content = version.content)
    ELSE version.content END`;
  const versions = (table: string) => `
    SELECT client, committed_at, ${hash}, ${rowColumns.replace("revision", "version.revision")}
    FROM ${table} AS version JOIN revision USING (space, revision)
    WHERE space = ?1 AND directory = ?2 AND name = ?3`;
  const sql = `${versions("entry")} UNION ALL ${versions("history")}`;
  return database.rows(sql, space, parentPath(path), baseName(path)).map((columns) => {
    const { entry, version, revision } = decodeRow(columns, 3);
    const [client, committedAtMs, hash] = columns;
    return committedVersion(path, {
      entry,
      version,
      revision,
      client: asText(client),
      committedAtMs: asInteger(committedAtMs),
      hash: hash === null ? undefined : asHash(hash),
    });
  });
}

function announcedVersions(database: SqliteDatabase, space: number, path: SafePath): MetadataVersion[] {
  const versions = (table: string) => `
    SELECT ${announcedColumns} FROM ${table} WHERE space = ?1 AND directory = ?2 AND name = ?3`;
  const sql = `${versions("announced")} UNION ALL ${versions("announced_history")}`;
  return database.rows(sql, space, parentPath(path), baseName(path)).map((columns) => {
    return announcedVersion(decodeAnnouncement(path, columns, 0));
  });
}
