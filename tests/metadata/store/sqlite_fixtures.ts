import { openSqliteStore, type SqliteMetadataStore, type SqliteStoreOptions } from "../../../lib/metadata/mod.ts";
import { space } from "./fixtures.ts";

/** A folder for a database, removed when it is disposed of. */
export interface DatabaseFolder extends AsyncDisposable {
  /** Where the database is to lie. */
  readonly path: string;
}

/** Makes an empty folder for a database. */
export async function databaseFolder(): Promise<DatabaseFolder> {
  const folder = await Deno.makeTempDir({ prefix: "dfs-metadata-" });
  return {
    path: `${folder}/metadata.db`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Opens a store that has the space of the cases. */
export async function openWithSpace(path: string, options: SqliteStoreOptions = {}): Promise<SqliteMetadataStore> {
  const store = openSqliteStore(path, options);
  await store.createSpace(space);
  return store;
}
