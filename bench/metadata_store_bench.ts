/**
 * What the metadata stores take for the sizes that matter: a first push of 18,000 files, a small change to a large
 * space, and the questions that every sync asks. The baseline of the first group is SQLite alone, which inserts as many
 * rows of the same width into a table without index, history or hashes.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { type SafePath, sha256 } from "../lib/core/mod.ts";
import {
  type Commit,
  type Entry,
  MemoryMetadataStore,
  type MetadataStore,
  openSqliteStore,
} from "../lib/metadata/mod.ts";

const folder = Deno.makeTempDirSync({ prefix: "dfs-bench-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const stores: readonly (readonly [name: string, store: MetadataStore])[] = [
  ["SQLite", openSqliteStore(`${folder}/metadata.db`)],
  ["memory", new MemoryMetadataStore()],
];

let commits = 0;

/** What makes directories with files in them, all below `top`. */
function tree(
  top: string,
  { directories, files }: { readonly directories: number; readonly files: number },
): Map<SafePath, Entry> {
  const puts = new Map<SafePath, Entry>([[top as SafePath, { kind: "directory", mode: 0o755 }]]);
  for (let d = 0; d < directories; d++) {
    const directory = `${top}/directory-${d}`;
    puts.set(directory as SafePath, { kind: "directory", mode: 0o755 });
    for (let f = 0; f < files; f++) puts.set(`${directory}/file-${f}.ts` as SafePath, fileOf(`${directory}/${f}`));
  }
  return puts;
}

function fileOf(text: string): Entry {
  const content = sha256(new TextEncoder().encode(text));
  return { kind: "file", mode: 0o644, mtimeMs: 1_700_000_000_000, size: 1000, content };
}

/** Commits what must be accepted, on the head. */
async function commit(store: MetadataStore, space: string, puts: Commit["puts"]): Promise<void> {
  const outcome = await store.commit(space, {
    id: `${++commits}`,
    client: "bench",
    committedAtMs: 0,
    baseRevision: (await store.head(space))!.revision,
    puts,
    deletes: new Set(),
    manifests: new Map(),
  });
  if (!outcome.ok) throw new Error(`The commit was refused: ${outcome.error.reason}`);
}

const first = tree("top", { directories: 2000, files: 9 });

Deno.bench("node:sqlite alone: insert 20,001 rows", { group: "first push", baseline: true, n: 20 }, (b) => {
  using database = new DatabaseSync(`${folder}/baseline-${++commits}.db`);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE entry (space INTEGER, directory TEXT, name TEXT, kind INTEGER, mode INTEGER, size INTEGER,
      mtime INTEGER, content BLOB, version INTEGER, revision INTEGER) STRICT`);
  const insert = database.prepare("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const content = new Uint8Array(32);
  b.start();
  database.exec("BEGIN IMMEDIATE");
  for (let n = 0; n < first.size; n++) {
    insert.run(1, "top/directory-1000", "file-1.ts", 1, 0o644, 1000, 1_700_000_000_000, content, 1, 1);
  }
  database.exec("COMMIT");
  b.end();
});

for (const [name, store] of stores) {
  Deno.bench(
    `${name}: commit 18,000 new files in 2,000 directories`,
    { group: "first push", n: 20, warmup: 2 },
    async (b) => {
      const space = `first ${++commits}`;
      await store.createSpace(space);
      b.start();
      await commit(store, space, first);
      b.end();
    },
  );
}

/** Fills a space with 18,000 files, and one with 100,000 in 10,000 directories, once. */
async function fill(store: MetadataStore): Promise<void> {
  if (await store.head("large")) return;
  await store.createSpace("small");
  await commit(store, "small", first);
  await store.createSpace("large");
  for (let top = 0; top < 100; top++) {
    await commit(store, "large", tree(`top-${top}`, { directories: 100, files: 10 }));
  }
  await commit(store, "large", tenFiles("first change"));
}

/** Ten files in ten directories of the space of 100,000, with new content. */
function tenFiles(text: string): Commit["puts"] {
  const paths = Array.from({ length: 10 }, (_, n) => `top-${n * 7}/directory-${n * 5}/file-${n}.ts` as SafePath);
  return new Map(paths.map((path) => [path, fileOf(`${path} ${text}`)]));
}

for (const [name, store] of stores) {
  Deno.bench(`${name}: commit 10 changes into 100,000 files`, { group: "small change", n: 200 }, async (b) => {
    await fill(store);
    const puts = tenFiles(`${++commits}`);
    b.start();
    await commit(store, "large", puts);
    b.end();
  });
}

for (const [name, store] of stores) {
  Deno.bench(`${name}: changesSince() of 10 changes`, { group: "changesSince" }, async (b) => {
    await fill(store);
    const { revision } = (await store.head("large"))!;
    b.start();
    await store.changesSince("large", revision - 1);
    b.end();
  });
}

for (const [name, store] of stores) {
  Deno.bench(`${name}: head()`, { group: "head" }, async () => {
    await store.head("large");
  });
}

for (const [name, store] of stores) {
  Deno.bench(`${name}: entries() of 18,000 files`, { group: "entries", n: 30 }, async (b) => {
    await fill(store);
    b.start();
    let entries = 0;
    for await (const { children } of store.entries("small")) entries += children.length;
    b.end();
    if (entries !== first.size) throw new Error(`Read ${entries} entries`);
  });
}
