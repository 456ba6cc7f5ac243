/**
 * What the repository of metadata takes: reads and writes in batches, single reads, and pages of a prefix in small and in
 * large spaces, which must take the same. `deno bench --allow-all bench/metadata_repository_bench.ts`.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { type SafePath, sha256 } from "../lib/core/mod.ts";
import {
  type Entry,
  type FileMetadata,
  MemoryMetadataStore,
  type MetadataStore,
  openSqliteStore,
} from "../lib/metadata/mod.ts";
import {
  MemoryMetadataRepository,
  type MetadataRepository,
  openSqliteRepository,
  type Step,
} from "../lib/metadata/repository/mod.ts";

const folder = Deno.makeTempDirSync({ prefix: "dfs-bench-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const batch = 10_000;
const filesPerFolder = 10;

/** A store and the repository beside it. */
interface Sides {
  readonly name: string;
  readonly store: MetadataStore;
  readonly repository: MetadataRepository;
}

const memory = new MemoryMetadataStore();
const sides: readonly Sides[] = [
  {
    name: "SQLite",
    store: openSqliteStore(`${folder}/metadata.db`),
    repository: openSqliteRepository(`${folder}/metadata.db`),
  },
  { name: "memory", store: memory, repository: new MemoryMetadataRepository(memory) },
];

function pathOf(index: number): SafePath {
  return `top-${index % 100}/folder-${Math.floor(index / filesPerFolder)}/file-${index}.ts` as SafePath;
}

/** Commits so many files, one in three folders deep each, unless they are there. */
async function fill(store: MetadataStore, space: string, files: number): Promise<void> {
  if (await store.head(space)) return;
  await store.createSpace(space);
  const content = sha256(new TextEncoder().encode(space));
  const file: Entry = { kind: "file", mode: 0o644, mtimeMs: 1_700_000_000_000, size: 1000, content };
  const directory: Entry = { kind: "directory", mode: 0o755 };
  for (let from = 0, revision = 0; from < files; from += 50_000, revision++) {
    const puts = new Map<SafePath, Entry>();
    for (let index = from; index < Math.min(files, from + 50_000); index++) {
      const path = pathOf(index);
      puts.set(path, file);
      puts.set(path.slice(0, path.lastIndexOf("/")) as SafePath, directory);
      puts.set(path.slice(0, path.indexOf("/")) as SafePath, directory);
    }
    const committed = await store.commit(space, {
      id: `${space} ${from}`,
      client: "bench",
      committedAtMs: 0,
      baseRevision: revision,
      puts,
      deletes: new Set(),
      manifests: new Map(),
    });
    if (!committed.ok) throw new Error(`The commit was refused: ${committed.error.reason}`);
  }
}

const paths = Array.from({ length: batch }, (_, index) => pathOf(index * 7));

Deno.bench("node:sqlite alone: 10,000 rows by key", { group: "read 10,000 paths", baseline: true }, (b) => {
  using database = new DatabaseSync(`${folder}/baseline-${crypto.randomUUID()}.db`);
  database.exec(
    "CREATE TABLE entry (directory TEXT, name TEXT, a INTEGER, b BLOB, PRIMARY KEY (directory, name)) WITHOUT ROWID",
  );
  const insert = database.prepare("INSERT INTO entry VALUES (?, ?, 1, ?)");
  const keys = paths.map((path) =>
    [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)] as const
  );
  database.exec("BEGIN");
  for (const key of keys) insert.run(...key, new Uint8Array(32));
  database.exec("COMMIT");
  const select = database.prepare("SELECT * FROM entry WHERE directory = ? AND name = ?");
  b.start();
  for (const key of keys) select.get(...key);
  b.end();
});

for (const { name, store, repository } of sides) {
  Deno.bench(`${name}: getMany()`, { group: "read 10,000 paths" }, async (b) => {
    await fill(store, "small", 100_000);
    b.start();
    const found = await repository.getMany("small", paths);
    b.end();
    if (found.some((known) => known === undefined)) throw new Error("A path is missing");
  });
  Deno.bench(`${name}: get(), one after another`, { group: "read 10,000 paths" }, async (b) => {
    await fill(store, "small", 100_000);
    b.start();
    for (const path of paths) await repository.get("small", path);
    b.end();
  });
  Deno.bench(`${name}: list(), pages of 1,000`, { group: "read 10,000 paths" }, async (b) => {
    await fill(store, "small", 100_000);
    b.start();
    let read = 0;
    let after: SafePath | undefined;
    while (read < batch) {
      const page = await repository.list("small", { limit: 1000, ...(after === undefined ? {} : { after }) });
      read += page.entries.length;
      after = page.next;
    }
    b.end();
  });
}

let round = 0;

/** Steps that add paths that nobody knows. */
function additions(): Step[] {
  round++;
  return Array.from({ length: batch }, (_, index) => {
    const metadata: FileMetadata = {
      path: `announced-${round}/${pathOf(index)}` as SafePath,
      kind: "file",
      size: index,
      hash: sha256(Uint8Array.of(index & 255, index >> 8)),
      mtimeMs: 1_700_000_000_000,
      mode: 0o644,
      version: 1,
      syncState: { status: "pending", replicas: [] },
    };
    return { type: "add", metadata };
  });
}

Deno.bench("node:sqlite alone: insert 10,000 rows", { group: "write 10,000 paths", baseline: true, n: 20 }, (b) => {
  using database = new DatabaseSync(`${folder}/baseline-${crypto.randomUUID()}.db`);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE entry (directory TEXT, name TEXT, a INTEGER, b BLOB, PRIMARY KEY (directory, name)) WITHOUT ROWID",
  );
  const insert = database.prepare("INSERT INTO entry VALUES (?, ?, 1, ?)");
  b.start();
  database.exec("BEGIN IMMEDIATE");
  for (const path of paths) insert.run(path, "name", new Uint8Array(32));
  database.exec("COMMIT");
  b.end();
});

for (const { name, store, repository } of sides) {
  Deno.bench(`${name}: transact() adds`, { group: "write 10,000 paths", n: 20 }, async (b) => {
    await fill(store, "written", 10);
    const steps = additions();
    b.start();
    const outcome = await repository.transact("written", { steps, atMs: 0 });
    b.end();
    if (!outcome.ok) throw new Error(`The transaction was refused: ${outcome.error.reason}`);
  });
}

for (const [space, files] of [["small", 100_000], ["large", 1_000_000]] as const) {
  for (const { name, store, repository } of sides) {
    Deno.bench(
      `${name}: list() of a prefix with 100 paths among ${files}`,
      { group: `list by prefix, ${name}`, baseline: space === "small" },
      async (b) => {
        await fill(store, space, files);
        b.start();
        const page = await repository.list(space, { prefix: "top-4/folder-1", limit: 100 });
        b.end();
        if (page.entries.length !== 100) throw new Error(`Listed ${page.entries.length} paths`);
      },
    );
  }
}
