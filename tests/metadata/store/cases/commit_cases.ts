import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Hash, SafePath } from "../../../../lib/core/mod.ts";
import { type Entry, Manifest } from "../../../../lib/metadata/mod.ts";
import { applyAll, at, contentOf, directory, file, hashOf, readEntries, space, symlink } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

const tree: Record<string, Entry> = {
  "a": directory(),
  "a/b": directory(0o700),
  "a/b/c.txt": file("hello", { mode: 0o600 }),
  "link": symlink("a/b"),
  "top.txt": file("top"),
};

function pathMap(entries: Record<string, Entry>): Map<ReturnType<typeof at>, Entry> {
  return new Map(Object.entries(entries).map(([path, entry]) => [at(path), entry]));
}

const nothingElse = { modified: new Set<SafePath>(), deleted: new Set<SafePath>() };
const nothing = { added: new Set<SafePath>(), contents: new Set<SafePath>(), ...nothingElse };

/** Commits that are accepted. */
export const commitCases: readonly StoreCase[] = [
  ["commit() makes one revision with counts and the Merkle hash of the whole tree", async (store) => {
    const receipt = await applyAll(store, { puts: tree, committedAtMs: 77 });
    const root = hashOf(pathMap(tree));
    assertEquals(receipt, {
      revision: 1,
      root,
      repeated: false,
      added: new Set(Object.keys(tree).map(at)),
      contents: new Set([at("a/b/c.txt"), at("top.txt")]),
      ...nothingElse,
    });
    assertEquals(await store.head(space), {
      space,
      revision: 1,
      root,
      files: 2,
      entries: 5,
      bytes: 8,
      committedAtMs: 77,
    });
    assertEquals(await readEntries(store.entries(space)), tree);
  }],
  ["commit() brings hash and counts up to date when things change and go", async (store) => {
    await applyAll(
      store,
      { puts: tree },
      { puts: { "a/b/c.txt": file("longer text") }, deletes: ["link"] },
      { puts: { "a/new": file("new") } },
      { deletes: ["a/new", "top.txt"] },
    );
    const left = { "a": tree["a"]!, "a/b": tree["a/b"]!, "a/b/c.txt": file("longer text") };
    const head = await store.head(space);
    assertEquals([head?.revision, head?.files, head?.entries, head?.bytes], [4, 1, 3, 11]);
    assertEquals(head?.root, hashOf(pathMap(left)));
    assertEquals(await readEntries(store.entries(space)), left);
  }],
  [
    "commit() keeps the nanoseconds of times, in trees, changes and history, and takes another one for a change",
    async (store) => {
      const versions = [1, 2, 0].map((mtimeRestNs) => file("1", mtimeRestNs === 0 ? {} : { mtimeRestNs }));
      for (const [index, entry] of versions.entries()) {
        const { root } = await applyAll(store, { puts: { "d": directory(), "d/a": entry } });
        assertEquals(root, hashOf(pathMap({ "d": directory(), "d/a": entry })));
        assertEquals((await store.get(space, at("d/a")))?.entry, entry);
        assertEquals((await store.list(space, at("d"))).map((child) => child.entry), [entry]);
        const changed = (await store.changesSince(space, index)).filter(({ path }) => path === at("d/a"));
        assertEquals(changed.map((change) => change.entry), [entry]);
        assertEquals((await readEntries(store.entries(space)))["d/a"], entry);
      }
      assertEquals((await store.history(space, at("d/a"))).map(({ entry }) => entry), versions.toReversed());
      assertEquals((await readEntries(store.entriesAt(space, 1)))["d/a"], versions[0]);
    },
  ],
  ["commit() of a tree and back gives the same hash again", async (store) => {
    const first = await applyAll(store, { puts: tree });
    const last = await applyAll(store, { deletes: Object.keys(tree) }, { puts: tree });
    assertEquals(last.root, first.root);
    assertEquals(last.revision, 3);
  }],
  ["commit() repeated by its id gives the first receipt and changes nothing", async (store) => {
    const first = await applyAll(store, { id: "x", puts: { "a": file("1") } });
    await applyAll(store, { puts: { "a": file("2") } });
    const head = await store.head(space);
    assertEquals(await applyAll(store, { id: "x", base: 0, puts: { "a": file("1") } }), {
      ...first,
      repeated: true,
      ...nothing,
    });
    assertEquals(await store.head(space), head);
  }],
  ["commit() ids of one space mean nothing in another", async (store) => {
    await store.createSpace("other");
    await applyAll(store, { id: "x", puts: { "a": file("1") } });
    const puts = new Map([[at("b"), file("1")]]);
    const rest = { client: "c", committedAtMs: 0, baseRevision: 0, deletes: new Set<never>(), manifests: new Map() };
    const outcome = await store.commit("other", { id: "x", puts, ...rest });
    assert(outcome.ok);
    assertEquals([outcome.value.revision, outcome.value.repeated], [1, false]);
  }],
  ["commit() of what is there already makes neither a version nor a revision", async (store) => {
    const first = await applyAll(store, { puts: tree });
    const unchanged = { ...first, ...nothing };
    assertEquals(await applyAll(store, { puts: tree, deletes: ["none", "a/none", "none/below"] }), unchanged);
    assertEquals(await applyAll(store, {}), unchanged);
    assertEquals((await store.revisions(space)).length, 1);
    assertEquals((await store.history(space, at("top.txt"))).length, 1);
  }],
  ["commit() makes versions only of what differs", async (store) => {
    await applyAll(store, { puts: tree }, { puts: { ...tree, "top.txt": file("other") } });
    const versions = await Promise.all(Object.keys(tree).map((path) => store.get(space, at(path))));
    assertEquals(versions.map((stored) => [stored?.version, stored?.revision]), [
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [2, 2],
    ]);
    assertEquals((await store.revisions(space)).map(({ puts, deletes }) => [puts, deletes]), [[1, 0], [5, 0]]);
  }],
  ["commit() tells which paths are new, different and gone", async (store) => {
    await applyAll(store, { puts: { ...tree, "old": directory(), "old/f": file("1") } });
    const receipt = await applyAll(store, {
      puts: {
        "new": directory(),
        "new/f": file("1"),
        "top.txt": file("other"),
        "link": symlink("a/b"),
        "a": directory(0o711),
        "old": file("was a directory"),
      },
      deletes: ["old/f", "a/b/c.txt", "none"],
    });
    assertEquals(receipt.added, new Set([at("new"), at("new/f")]));
    assertEquals(receipt.modified, new Set([at("a"), at("old"), at("top.txt")]));
    assertEquals(receipt.deleted, new Set([at("a/b/c.txt"), at("old/f")]));
    assertEquals(receipt.contents, new Set([at("new/f"), at("old"), at("top.txt")]));
  }],
  ["commit() of a path that was deleted before adds it", async (store) => {
    const puts = { "a": file("1") };
    const receipt = await applyAll(store, { puts }, { deletes: ["a"] }, { puts });
    assertEquals([receipt.added, receipt.modified], [new Set([at("a")]), new Set()]);
  }],
  ["commit() puts a path that is also deleted", async (store) => {
    await applyAll(store, { puts: { "a": file("1") } }, { puts: { "a": file("2") }, deletes: ["a"] });
    assertEquals((await store.get(space, at("a")))?.entry, file("2"));
    assertEquals((await store.get(space, at("a")))?.version, 2);
  }],
  ["commit() keeps every value exactly", async (store) => {
    const values: Record<string, Entry> = {
      "epoch": file("", { mtimeMs: 0, mode: 0 }),
      "before": file("b", { mtimeMs: -62_135_596_800_000, mode: 0o7777 }),
      "far": { ...file("f", { mtimeMs: 253_402_300_799_999 }), size: 2 ** 50 },
      "link": symlink("../\u00e9/\u{1f600} \0 end"),
      "empty link": symlink(""),
      "\u{1f600}\u00e9 '\"%_;--": file("odd name"),
      "open": directory(0o1777),
    };
    await applyAll(store, { puts: values });
    for (const [path, entry] of Object.entries(values)) assertEquals((await store.get(space, at(path)))?.entry, entry);
    const receipt = await applyAll(store, { puts: values });
    assertEquals(receipt.revision, 1);
  }],
  ["commit() stores chunk lists by the name of their content", async (store) => {
    const manifest = Manifest.of([{ hash: contentOf("1"), length: 5 }, { hash: contentOf("2"), length: 7 }]);
    const content = manifest.contentId();
    const put: Entry = { ...file(""), size: manifest.size, content };
    assertEquals(await store.manifest(content), undefined);
    await applyAll(store, { puts: { "a": put }, manifests: new Map([[content, manifest]]) });
    assertEquals((await store.manifest(content))?.bytes, manifest.bytes);
    await applyAll(store, { puts: { "b": put }, manifests: new Map([[content, manifest]]) });
    assertEquals((await store.manifest(content))?.contentId(), content);
  }],
  ["commit() rejects a chunk list under a foreign name", async (store) => {
    const manifest = Manifest.of([{ hash: contentOf("1"), length: 5 }, { hash: contentOf("2"), length: 7 }]);
    const content: Hash = contentOf("3");
    const puts = { "a": { ...file(""), content } };
    await assertRejects(
      () => applyAll(store, { puts, manifests: new Map([[content, manifest]]) }),
      TypeError,
      "makes up",
    );
    assertEquals((await store.head(space))?.revision, 0);
    assertEquals(await store.manifest(content), undefined);
  }],
];
