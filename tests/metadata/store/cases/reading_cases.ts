import { assertEquals } from "@std/assert";
import { baseName } from "../../../../lib/core/mod.ts";
import type { Entry } from "../../../../lib/metadata/mod.ts";
import { applyAll, at, directory, file, read, readEntries, space } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

/** In the order of code units; in UTF-8, the last two are the other way round. */
const oddNames = ["B", "a", "a b", "ab", "\u00e9", "\u{1f600}", "\uff5e"];

const start = { puts: { "d": directory(), "d/a": file("a"), "d/s": directory(), "d/s/x": file("x"), "f": file("f") } };

/** More rows and more directories than any store reads at a time. */
function wideTree(): Record<string, Entry> {
  const puts: Record<string, Entry> = {};
  for (let d = 0; d < 300; d++) {
    puts[`d${d}`] = directory();
    for (let f = 0; f < 10; f++) puts[`d${d}/f${f}`] = file(`${d} ${f}`);
  }
  for (let f = 0; f < 3000; f++) puts[`d7/many${f}`] = file(`${f}`);
  return puts;
}

/** Reading what lives now, and what lived before. */
export const readingCases: readonly StoreCase[] = [
  ["get() and list() give entries with path, counters and the hash of directories", async (store) => {
    await applyAll(store, start, { puts: { "d/a": file("2") } });
    const a = { path: at("d/a"), entry: file("2"), version: 2, revision: 2 };
    assertEquals(await store.get(space, at("d/a")), a);
    const s = await store.get(space, at("d/s"));
    assertEquals([s?.entry, typeof s?.tree], [directory(), "string"]);
    assertEquals(await store.list(space, at("d")), [a, s!]);
  }],
  ["get() and list() give nothing where nothing lives", async (store) => {
    await applyAll(store, start, { deletes: ["f"] });
    for (const path of ["", "f", "none", "d/none", "d/a/none"]) {
      assertEquals(await store.get(space, at(path)), undefined);
    }
    for (const path of ["f", "none", "d/a"]) assertEquals(await store.list(space, at(path)), []);
  }],
  ["names are sorted by code units wherever they are listed", async (store) => {
    const puts: Record<string, Entry> = {};
    for (const name of oddNames.toReversed()) puts[name] = file(name);
    await applyAll(store, { puts });
    const names = (children: readonly { readonly path: ReturnType<typeof at> }[]) =>
      children.map(({ path }) => baseName(path));
    assertEquals(names(await store.list(space, at(""))), oddNames);
    assertEquals(names((await read(store.entries(space)))[0]!.children), oddNames);
    assertEquals(names((await read(store.entriesAt(space, 1)))[0]!.children), oddNames);
    assertEquals(names(await store.changesSince(space, 0)), oddNames);
  }],
  ["entries() gives each directory that has something in it in one batch, the root first", async (store) => {
    await applyAll(store, start, { puts: { "d/empty": directory() } });
    const batches = await read(store.entries(space));
    assertEquals(batches[0]?.directory, at(""));
    assertEquals(batches.map(({ directory }) => directory).sort(), ["", "d", "d/s"].map(at));
    for (const { directory, children } of batches) assertEquals(children, await store.list(space, directory));
  }],
  ["entries() and entriesAt() read trees of any size whole", async (store) => {
    const puts = wideTree();
    await applyAll(store, { puts }, { puts: { "d7/many5": file("new") }, deletes: ["d7/many6"] });
    const { "d7/many6": _, ...left } = puts;
    const sorted = (entries: Record<string, Entry>) => Object.fromEntries(Object.entries(entries).sort());
    assertEquals(sorted(await readEntries(store.entries(space))), sorted({ ...left, "d7/many5": file("new") }));
    assertEquals(sorted(await readEntries(store.entriesAt(space, 1))), sorted(puts));
    const directories = (await read(store.entries(space))).map(({ directory }) => directory);
    assertEquals(new Set(directories).size, directories.length);
  }],
  ["entries() does not show commits that come while it is read", async (store) => {
    const puts = wideTree();
    await applyAll(store, { puts });
    const expected = await read(store.entries(space));
    const batches = [];
    for await (const batch of store.entries(space)) {
      batches.push(batch);
      const left = Object.keys(puts).filter((path) => path.startsWith(`d${batches.length}/`));
      await applyAll(store, { puts: { [`d${300 - batches.length}/new`]: file("new") }, deletes: left });
      if (batches.length === 3) break;
    }
    assertEquals(batches, expected.slice(0, 3));
    const head = await store.head(space);
    const reading = store.entriesAt(space, head!.revision)[Symbol.asyncIterator]();
    const first = await reading.next();
    await applyAll(store, {
      deletes: Object.keys(puts).concat(Array.from({ length: 3 }, (_, i) => `d${299 - i}/new`)),
    });
    let entries = 0;
    for (let next = first; !next.done; next = await reading.next()) entries += next.value.children.length;
    assertEquals(entries, head?.entries);
    assertEquals(await read(store.entries(space)), []);
  }],
  ["entriesAt() gives every past state, without the hashes of directories", async (store) => {
    await applyAll(
      store,
      start,
      { puts: { "d/a": file("2"), "f": directory(), "f/in": file("in") } },
      { deletes: ["f", "f/in", "d/s", "d/s/x"] },
      { puts: { "d/s": directory(0o700) } },
    );
    assertEquals(await readEntries(store.entriesAt(space, 0)), {});
    assertEquals(await readEntries(store.entriesAt(space, 1)), start.puts);
    assertEquals(await readEntries(store.entriesAt(space, 2)), {
      ...start.puts,
      "d/a": file("2"),
      "f": directory(),
      "f/in": file("in"),
    });
    assertEquals(await readEntries(store.entriesAt(space, 3)), { "d": directory(), "d/a": file("2") });
    const [root] = await read(store.entriesAt(space, 2));
    assertEquals(root?.directory, at(""));
    assertEquals(root?.children[0], { path: at("d"), entry: directory(), version: 1, revision: 1 });
  }],
];
