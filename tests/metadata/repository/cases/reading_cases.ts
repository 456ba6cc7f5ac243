import { assertEquals } from "@std/assert";
import { Manifest } from "../../../../lib/metadata/mod.ts";
import { applyAll, at, directory, file, space, symlink } from "../../store/fixtures.ts";
import { announcement, hashOf, listed, transact } from "../fixtures.ts";
import type { RepositoryCase } from "./case.ts";

/** What is committed under the names of a small tree. */
const tree = {
  "a.txt": file("1"),
  "docs": directory(),
  "docs-old": directory(),
  "docs-old/a.txt": file("2"),
  "docs/a.txt": file("3", { mtimeRestNs: 999_999 }),
  "docs/b.pdf": file("4"),
  "docs/sub": directory(),
  "docs/sub/c.pdf": file("5"),
  "link": symlink("docs"),
};

/** What `get`, `list` and `replicas` tell. */
export const readingCases: readonly RepositoryCase[] = [
  ["get() tells what is committed: as synced, by whom, who holds it", async (sides) => {
    await applyAll(sides.store, { client: "laptop", committedAtMs: 7, puts: tree });
    const found = await sides.repository.getMany(space, ["docs/a.txt", "docs", "link", "none"].map(at));
    const replicas = [{ node: "laptop", version: 1 }, { node: "server", version: 1 }];
    const shared = { version: 1, owner: "laptop", syncState: { status: "synced", replicas } } as const;
    assertEquals(found, [
      {
        metadata: {
          path: at("docs/a.txt"),
          kind: "file",
          size: 1,
          hash: hashOf("3"),
          mtimeMs: tree["docs/a.txt"].mtimeMs,
          mtimeRestNs: 999_999,
          mode: 0o644,
          ...shared,
        },
        content: hashOf("3"),
        revision: 1,
      },
      { metadata: { path: at("docs"), kind: "directory", size: 0, mtimeMs: 7, mode: 0o755, ...shared }, revision: 1 },
      {
        metadata: { path: at("link"), kind: "symlink", size: 0, target: "docs", mtimeMs: 7, mode: 0o777, ...shared },
        revision: 1,
      },
      undefined,
    ]);
  }],
  ["get() leaves the hash of a content of several chunks out until it is remembered", async (sides) => {
    const manifest = Manifest.of([{ hash: hashOf("1"), length: 1 }, { hash: hashOf("2"), length: 1 }]);
    const content = manifest.contentId();
    const entry = { ...file("12"), content };
    await applyAll(sides.store, { puts: { "a": entry }, manifests: new Map([[content, manifest]]) });
    const before = await sides.repository.get(space, at("a"));
    assertEquals([before?.content, before?.metadata.hash], [content, undefined]);
    assertEquals(await sides.repository.rememberedHash(content), undefined);
    await sides.repository.rememberHash(content, hashOf("12"));
    await sides.repository.rememberHash(content, hashOf("12"));
    assertEquals(await sides.repository.rememberedHash(content), hashOf("12"));
    assertEquals((await sides.repository.get(space, at("a")))?.metadata.hash, hashOf("12"));
    assertEquals((await sides.repository.list(space, { limit: 9 })).entries[0]?.metadata.hash, hashOf("12"));
    assertEquals((await sides.repository.history(space, at("a")))[0]?.metadata.hash, hashOf("12"));
  }],
  ["replicas() tells who said to hold which version, the newest word of each, and who must", async (sides) => {
    await applyAll(sides.store, { client: "laptop", puts: { "a": file("1") } });
    for (const [node, version] of [["zoe", 1], ["desk", 4], ["zoe", 0], ["server", 0]] as const) {
      await transact(sides, { type: "replica", path: at("a"), replica: { node, version } });
    }
    assertEquals(await sides.repository.replicas(space, at("a")), [
      { node: "desk", version: 4 },
      { node: "laptop", version: 1 },
      { node: "server", version: 1 },
      { node: "zoe", version: 0 },
    ]);
    assertEquals(await sides.repository.replicas(space, at("b")), []);
  }],
  ["replicas of an announcement that is taken back go with it", async (sides) => {
    await applyAll(sides.store, { client: "laptop", puts: { "a": file("1") } });
    const syncState = { status: "modified", replicas: [{ node: "desk", version: 2 }] } as const;
    await transact(sides, { type: "replica", path: at("a"), replica: { node: "zoe", version: 1 } });
    await transact(sides, { type: "update", metadata: announcement("a", "2", { syncState }) });
    assertEquals((await sides.repository.replicas(space, at("a"))).map(({ node }) => node), ["desk", "zoe"]);
    await transact(sides, { type: "delete", path: at("a") });
    assertEquals((await sides.repository.replicas(space, at("a"))).map(({ node }) => node), [
      "laptop",
      "server",
      "zoe",
    ]);
  }],
  ["list() tells everything in the order of folder and name", async (sides) => {
    await applyAll(sides.store, { puts: tree });
    await transact(sides, { type: "add", metadata: announcement("docs/aa", "9") });
    await transact(sides, { type: "add", metadata: announcement("new/x", "9") });
    assertEquals(await listed(sides), [
      "a.txt",
      "docs",
      "docs-old",
      "link",
      "docs/a.txt",
      "docs/aa",
      "docs/b.pdf",
      "docs/sub",
      "docs-old/a.txt",
      "docs/sub/c.pdf",
      "new/x",
    ]);
  }],
  ["list() by prefix tells what begins with it, wherever in a name it ends", async (sides) => {
    await applyAll(sides.store, { puts: tree });
    await transact(sides, { type: "add", metadata: announcement("docs/aa", "9") });
    const expected: Record<string, string[]> = {
      "docs/": ["docs/a.txt", "docs/aa", "docs/b.pdf", "docs/sub", "docs/sub/c.pdf"],
      "/docs/": ["docs/a.txt", "docs/aa", "docs/b.pdf", "docs/sub", "docs/sub/c.pdf"],
      "docs/a": ["docs/a.txt", "docs/aa"],
      "docs/s": ["docs/sub", "docs/sub/c.pdf"],
      "docs-": ["docs-old", "docs-old/a.txt"],
      "docs/a.txt": ["docs/a.txt"],
      "none": [],
      "docs/\u{10ffff}": [],
    };
    for (const [prefix, paths] of Object.entries(expected)) {
      for (const limit of [1, 2, 100]) assertEquals(await listed(sides, { prefix, limit }), paths, prefix);
    }
    const all = await listed(sides, { prefix: "docs" });
    assertEquals(all.toSorted(), (await listed(sides)).filter((path) => path.startsWith("docs")).toSorted());
  }],
  ["list() by pattern tells what matches it", async (sides) => {
    await applyAll(sides.store, { puts: tree });
    const expected: Record<string, string[]> = {
      "*.txt": ["a.txt"],
      "**/*.txt": ["a.txt", "docs/a.txt", "docs-old/a.txt"],
      "docs/**": ["docs", "docs/a.txt", "docs/b.pdf", "docs/sub", "docs/sub/c.pdf"],
      "docs*": ["docs", "docs-old"],
      "docs/?.pdf": ["docs/b.pdf"],
      "docs/a.txt": ["docs/a.txt"],
      "none/*": [],
    };
    for (const [glob, paths] of Object.entries(expected)) {
      for (const limit of [1, 100]) assertEquals(await listed(sides, { glob, limit }), paths, glob);
    }
    assertEquals(await listed(sides, { glob: "**/*.txt", prefix: "docs/" }), ["docs/a.txt"]);
    assertEquals(await listed(sides, { glob: "docs-old/*", prefix: "docs/" }), []);
  }],
  ["list() by state tells what stands so", async (sides) => {
    await applyAll(sides.store, { puts: { ...tree, "gone": file("0"), "back": file("0") } }, {
      deletes: ["gone", "back"],
    });
    const conflict = { status: "conflict", replicas: [] } as const;
    await transact(
      sides,
      { type: "update", metadata: announcement("a.txt", "9") },
      { type: "update", metadata: announcement("docs/a.txt", "9", { syncState: conflict }) },
      { type: "add", metadata: announcement("new", "9") },
      { type: "add", metadata: announcement("back", "9") },
      { type: "add", metadata: announcement("taken", "9") },
      { type: "delete", path: at("taken") },
      { type: "add", metadata: announcement("docs/done", "6") },
    );
    await applyAll(sides.store, { puts: { "docs/done": file("6") } });
    assertEquals(await listed(sides, { state: "pending" }), ["back", "new"]);
    assertEquals(await listed(sides, { state: "modified" }), ["a.txt"]);
    assertEquals(await listed(sides, { state: "conflict", prefix: "docs/" }), ["docs/a.txt"]);
    assertEquals(await listed(sides, { state: "conflict", prefix: "link" }), []);
    assertEquals(await listed(sides, { state: "deleted" }), ["gone", "taken"]);
    const synced = await listed(sides, { state: "synced" });
    assertEquals(synced.includes("docs/done") && synced.length === Object.keys(tree).length + 1 - 2, true);
    const all = await listed(sides);
    assertEquals(all.length, synced.length + 4);
  }],
  ["list() gives pages of the size asked for, and no path twice", async (sides) => {
    const puts = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`f${String(n).padStart(2, "0")}`, file("1")]),
    );
    await applyAll(sides.store, { puts: { ...puts, "d": directory(), "d/x": file("1"), "d/y": file("2") } });
    const all = await listed(sides);
    assertEquals(all.length, 63);
    for (const limit of [1, 7, 59, 60, 61, 62, 63, 64]) {
      assertEquals(await listed(sides, { limit }), all);
      const page = await sides.repository.list(space, { limit });
      assertEquals([page.entries.length, page.next !== undefined], [Math.min(limit, 63), limit < 63]);
    }
  }],
];
